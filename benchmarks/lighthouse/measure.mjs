// Runs Lighthouse on each page a number of times, as a phone; one line of JSON for each run.
// Usage: node measure.mjs '{"address": …, "cookies": {name: value}, "runs": …, "pages": {name: path}}'
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const { address, cookies, runs, pages } = JSON.parse(process.argv[2]);

// Used as a module, Lighthouse reports to nobody; the browser reaches nothing but this machine.
const chrome = await launch({
  chromeFlags: [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
try {
  await remember(cookies);
  for (let run = 0; run < runs; run += 1) {
    for (const [name, path] of Object.entries(pages)) {
      console.log(JSON.stringify({ name, ...figures(await judged(`${address}${path}`)) }));
    }
  }
} finally {
  chrome.kill();
}

// On a busy machine the browser loses a trace now and then.
async function judged(url, tries = 3) {
  const options = { port: chrome.port, logLevel: "silent", onlyCategories: CATEGORIES };
  const { lhr } = await lighthouse(url, options);
  if (!lhr.runtimeError) return lhr;
  if (tries > 1) return judged(url, tries - 1);
  throw new Error(`${url}: ${lhr.runtimeError.message}`);
}

// Lighthouse empties the cache before each page, but leaves cookies alone.
async function remember(all) {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
  const { hostname } = new URL(address);
  await browser.setCookie(
    ...Object.entries(all).map(([name, value]) => ({ name, value, domain: hostname, path: "/" })),
  );
  await browser.disconnect();
}

function figures({ audits, categories, environment }) {
  return {
    categories: Object.fromEntries(CATEGORIES.map((id) => [id, scored(categories[id], audits)])),
    lcp_ms: audits["largest-contentful-paint"].numericValue,
    tbt_ms: audits["total-blocking-time"].numericValue,
    cls: audits["cumulative-layout-shift"].numericValue,
    requests: audits["network-requests"].details.items.map(sent),
    machine: environment.benchmarkIndex,
  };
}

// Every audit that counts, with its weight, so that a score can be told again without one of them.
function scored({ score, auditRefs }, audits) {
  const counted = auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null);
  return { score, audits: counted.map(({ id, weight }) => ({ id, weight, score: audits[id].score })) };
}

function sent({ url, resourceType, transferSize }) {
  return { url, kind: resourceType, bytes: transferSize };
}
