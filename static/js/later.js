// What makes a page livelier waits until the page stands: on a slow line, words and photo come first.
const { modules } = document.currentScript.dataset;
let begun = false;

async function begin() {
  if (begun) return;
  begun = true;
  await Promise.allSettled(modules.split(" ").map((module) => import(module)));
  document.documentElement.dataset.lively = "";
}

addEventListener("load", () => setTimeout(begin, 100)); // by then it is painted
setTimeout(begin, 3000); // a photo that takes its time holds up nothing else
