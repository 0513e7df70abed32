// Sends the form with its photo, shows how far it is, and lets it be cancelled.
const form = document.querySelector("[data-upload]");
const panel = form.querySelector("[data-progress]");
const bar = panel.querySelector("progress");
const says = panel.querySelector("[role=status]");
const cancel = panel.querySelector("button");
const button = form.querySelector(".push");

form.addEventListener("submit", (event) => {
  const [photo] = form.elements.photo.files;
  if (!photo) return; // nothing to wait for
  event.preventDefault();
  // The server would only cut it off in the middle, without a word.
  if (photo.size > panel.dataset.mostBytes) tell(panel.dataset.tooLarge);
  else send();
});
// Back from the portrait's page: the form is as it was left, in the middle of sending.
addEventListener("pageshow", (event) => event.persisted && ready());

function send() {
  const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
  request.open("POST", form.action);
  request.responseType = "document";
  request.upload.addEventListener("progress", (event) => {
    bar.max = event.total;
    bar.value = event.loaded;
    if (event.loaded === event.total) {
      bar.removeAttribute("value");
      says.textContent = panel.dataset.reading;
    }
  });
  request.addEventListener("load", () => {
    if (request.status < 400) location.assign(request.responseURL);
    else refused(request.response);
  });
  request.addEventListener("error", failed);
  request.addEventListener("abort", () => {
    ready();
    button.focus();
  });
  cancel.onclick = () => request.abort();

  says.textContent = panel.dataset.sending;
  bar.removeAttribute("value");
  panel.hidden = bar.hidden = cancel.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
}

// The page came back with its reasons: they are shown here, so that the chosen file stays chosen.
function refused(page) {
  const reasons = [...(page?.querySelectorAll("[data-upload] .wrong") ?? [])];
  if (!reasons.length) return failed();
  ready();
  for (const old of form.querySelectorAll(".wrong")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const reason of reasons) {
    const field = form.querySelector(`#${reason.id.replace("-wrong", "")}`);
    if (field?.matches("input")) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", reason.id);
    }
    (field?.parentElement ?? form.querySelector("[data-drop]")).append(document.adoptNode(reason));
  }
  form.elements.idempotency_key.value = page.querySelector("[name=idempotency_key]").value;
  document.title = page.title;
  reasons[0].tabIndex = -1;
  reasons[0].focus();
}

function failed() {
  tell(panel.dataset.failed);
}

function tell(words) {
  ready();
  panel.hidden = false;
  bar.hidden = cancel.hidden = true;
  says.textContent = words;
}

function ready() {
  panel.hidden = true;
  button.disabled = false;
}
