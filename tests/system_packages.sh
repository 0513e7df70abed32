#!/usr/bin/env bash
# The programs that the tests need besides Python: Chromium, PostgreSQL, a font with Chinese.
# As root on Debian the missing ones are installed; elsewhere they are named.
set -euo pipefail

missing=()
command -v chromium >/dev/null || [ -n "${CHROMIUM:-}" ] || missing+=(chromium)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
  missing+=(postgresql)
{ command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; } ||
  missing+=(fontconfig fonts-noto-cjk)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "The tests need: ${missing[*]} (the names of Debian's packages). Please install them." >&2
  exit 1
fi
