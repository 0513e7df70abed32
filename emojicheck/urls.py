"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.gzip import gzip_page

from .api import api
from .api.face_detect import face_detect
from .views import (
    camera,
    fixing,
    health,
    metrics,
    pages,
    photos,
    portraits,
    posing,
    sharing,
    styleguide,
)
from .views.home import home

FACE_DETECT = "services/aigc/image2video/face-detect"

_portrait = [
    path("", gzip_page(portraits.portrait), name="portrait"),
    path("photo.jpg", photos.photo, name="portrait_photo"),
    path("thumbnail.jpg", photos.thumbnail, name="portrait_thumbnail"),
    path("annotated.png", photos.annotated, name="portrait_annotated"),
    path("delete/", portraits.delete, name="portrait_delete"),
    path("retry/", portraits.retry, name="portrait_retry"),
    path("ask/", portraits.ask, name="portrait_ask"),
    path("objection/", portraits.objection, name="portrait_objection"),
    path("fix/", fixing.fix, name="portrait_fix"),
    path("crop/", gzip_page(fixing.crop), name="portrait_crop"),
    path("share/", sharing.share, name="portrait_share"),
]

handler500 = "emojicheck.views.trouble.trouble"

urlpatterns = [
    path("", gzip_page(home), name="home"),
    path("camera/", gzip_page(camera.camera), name="camera"),
    path("hints/", posing.hints, name="hints"),
    path("portraits/", gzip_page(portraits.portraits), name="portraits"),
    path("portraits/<uuid:portrait_id>/", include(_portrait)),
    path("shared/<slug:token>/", gzip_page(sharing.shared), name="shared"),
    path("shared/<slug:token>/photo.jpg", sharing.shared_photo, name="shared_photo"),
    path("photos/<str:signature>.jpg", photos.signed_photo, name="signed_photo"),
    path("guide/", gzip_page(pages.guide), name="guide"),
    path("privacy/", gzip_page(pages.privacy), name="privacy"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("theme/", pages.theme, name="theme"),
    path("language/", pages.set_language, name="set_language"),
    path("robots.txt", pages.robots, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path(f"api/v1/{FACE_DETECT}", face_detect, name="face_detect"),
    path(f"<path:prefix>/api/v1/{FACE_DETECT}", face_detect),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
