// Drives a job on and shows how far it is. Without it, the page's buttons do the same.
const job = document.getElementById("imp-job");
const status = () => job.querySelector("[data-is-over]");
const isOver = () => status().dataset.isOver === "true";
const hasStopped = () => status().dataset.hasStopped === "true";
const progress = () => job.querySelector("progress");
const LOOK_AGAIN = 1000;
const AFTER_FAILURE = 5000;

// Screen readers are told at each quarter and at the end, not each second.
const PARTS_TOLD = 4;
const news = document.createElement("p");
news.className = "w-sr-only";
news.setAttribute("role", "status");
const partsDone = () => Math.floor(progress().position * PARTS_TOLD);
let told = partsDone();

function tell() {
  if (!isOver() && partsDone() === told) return;
  told = partsDone();
  news.textContent = job.querySelector(".imp-lead").textContent.trim();
}

function request() {
  if (!hasStopped()) return fetch(job.dataset.statusUrl);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", job.querySelector("[name=csrfmiddlewaretoken]").value);
  return fetch(job.dataset.goOnUrl, { method: "POST", body });
}

// Changes only what differs, so that focus and reading position stay where they are.
function renew(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName || !old.childNodes.length || old.childNodes.length !== fresh.childNodes.length) {
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const children = [...fresh.childNodes];
  [...old.childNodes].forEach((child, place) => renew(child, children[place]));
}

function hideGoOn(within) {
  within.querySelector(".imp-job__go-on")?.setAttribute("hidden", "");
}

function show(html) {
  const fresh = document.createRange().createContextualFragment(html).querySelector("[data-is-over]");
  hideGoOn(fresh);
  const focused = status().contains(document.activeElement);
  renew(status(), fresh);
  if (focused && !status().contains(document.activeElement)) focusOnWhatIsNext();
}

function focusOnWhatIsNext() {
  const next = status().querySelector(".imp-form-actions :is(a, button)") ?? status().querySelector(".imp-lead");
  if (next.matches(".imp-lead")) next.tabIndex = -1;
  next.focus();
}

async function follow() {
  let pause = LOOK_AGAIN;
  try {
    const driven = hasStopped();
    const before = progress().value;
    const answer = await request();
    if (answer.redirected) return window.location.reload(); // to the log-in page, and from there back here
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.text());
    tell();
    if (driven && progress().value !== before) pause = 0;
  } catch {
    pause = AFTER_FAILURE;
  }
  if (!isOver()) setTimeout(follow, pause);
}

if (!isOver()) {
  job.append(news);
  hideGoOn(job);
  follow();
}
