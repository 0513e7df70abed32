// What came back instead of a portrait: a form that was too old, or reasons.

// A new form has what was missing, and the files need not be chosen again.
export async function renew(form, body) {
  try {
    const response = await fetch(form.action);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const { value } = page.querySelector("[data-upload] [name=csrfmiddlewaretoken]");
    form.elements.csrfmiddlewaretoken.value = value;
    body.set("csrfmiddlewaretoken", value);
    return true;
  } catch {
    return false;
  }
}

// The reasons are shown in the form that was sent, so that the chosen file stays chosen.
export function show(form, reply, told, tell) {
  for (const reason of told) {
    if (reason.id === "problem") {
      tell(reason.textContent);
      continue;
    }
    const field = form.querySelector(`#${reason.id.replace("-wrong", "")}`);
    if (field?.matches("input")) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", reason.id);
    }
    (field?.parentElement ?? form.querySelector("[data-drop]")).append(document.adoptNode(reason));
  }
  form.elements.idempotency_key.value = reply.page.querySelector("[name=idempotency_key]").value;
  document.title = reply.page.title;
  const first = form.querySelector(".wrong:not([hidden])");
  first.tabIndex = -1;
  first.focus();
}
