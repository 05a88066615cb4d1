// Finds without leaving the page: what the site answers at the new address is put into this one's place.
// Without it the form asks by its address, the links lead to theirs, and the site answers the same.
const FIELDS = ".imp-filters-fields";
const CONTROL = "input, select";
// So long it waits for another choice, in milliseconds: whoever goes through a list by its arrow keys makes many.
const WAIT = 300;

const finding = document.getElementById("imp-finding");
const form = () => document.getElementById("imp-filters");
const heading = () => document.getElementById("results");

// Told to screen readers when it changes. It stands outside of all that is replaced.
const news = document.createElement("p");
news.className = "imp-hidden";
news.setAttribute("role", "status");
finding.append(news);

let shown = window.location.href;
let asking = new AbortController();
let timer = 0;

// What is filled in, and nothing else: the shorter address says the same.
function address() {
  const said = new FormData(form());
  if (!said.get("near")) said.delete("km");
  const pairs = [...said].filter(([, value]) => value !== "");
  const url = new URL(form().action);
  url.search = new URLSearchParams(pairs);
  return url.href;
}

// The field that somebody is at stays where it is; all around it is new.
function renewFields(old, fresh, isNew) {
  const field = [...old.children].find((one) => one.contains(document.activeElement));
  const twin = field && [...fresh.children].find((one) => nameOf(one) === nameOf(field));
  if (!twin) return old.replaceChildren(...fresh.children);
  [...old.children].filter((one) => one !== field).forEach((one) => one.remove());
  const place = [...fresh.children].indexOf(twin);
  [...fresh.children].forEach((one, at) => {
    if (at < place) field.before(one);
    if (at > place) old.append(one);
  });
  renewField(field, twin, isNew);
}

function renewField(field, twin, isNew) {
  const [control, other] = [field, twin].map((one) => one.querySelector(CONTROL));
  // What is there by now may be later than what this is the answer to; but who goes back wants what was there then.
  const { value, checked } = isNew ? control : other;
  if (control.matches("select")) control.replaceChildren(...other.children);
  if (control.matches("[type=checkbox]")) control.checked = checked;
  else control.value = value;
  field.className = twin.className;
  field.querySelector(".errorlist")?.remove();
  const errors = twin.querySelector(".errorlist");
  if (errors) field.querySelector("label").after(errors);
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (other.hasAttribute(name)) control.setAttribute(name, other.getAttribute(name));
    else control.removeAttribute(name);
  }
  const [words, more] = [field, twin].map((one) => one.querySelector(".imp-check span"));
  if (words) words.textContent = more.textContent;
}

function nameOf(field) {
  return field.querySelector(CONTROL)?.name;
}

function renewForm(fresh, isNew) {
  const [groups, others] = [form(), fresh].map((one) => [...one.querySelectorAll(FIELDS)]);
  if (groups.length !== others.length) return form().replaceWith(fresh);
  groups.forEach((group, place) => renewFields(group, others[place], isNew));
}

// Whoever reads on in another language goes on with what is asked now.
function renewLanguages(fresh) {
  for (const link of document.querySelectorAll("a[hreflang]")) {
    const twin = !finding.contains(link) && fresh.querySelector(`a[hreflang="${link.hreflang}"]`);
    if (twin) link.href = twin.href;
  }
}

function show(html, isNew) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  document.title = fresh.title;
  renewLanguages(fresh);
  renewForm(fresh.getElementById("imp-filters"), isNew);
  for (const id of ["imp-chosen", "imp-results"]) {
    document.getElementById(id).replaceWith(fresh.getElementById(id));
  }
  news.textContent = heading().textContent.trim();
}

// Puts in place what there is at an address. Where that fails, the browser goes there by itself.
async function go(url, { isNew = true } = {}) {
  clearTimeout(timer);
  asking.abort();
  asking = new AbortController();
  finding.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: asking.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    if (isNew && url !== shown) window.history.pushState(null, "", url);
    shown = url;
    show(html, isNew);
    finding.dispatchEvent(new CustomEvent("imp:found", { bubbles: true, detail: { url } }));
  } catch (error) {
    if (error.name === "AbortError") return false;
    window.location.assign(url);
    return false;
  }
  finding.removeAttribute("aria-busy");
  return true;
}

finding.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  go(address());
});

finding.addEventListener("change", (event) => {
  if (!form().contains(event.target)) return;
  clearTimeout(timer);
  timer = setTimeout(() => address() !== shown && go(address()), WAIT);
});

// Links to other pages and choices of this same list. What they stood in is gone then: the results are next.
finding.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin + link.pathname !== window.location.origin + window.location.pathname) return;
  event.preventDefault();
  if (await go(link.href)) heading().focus();
});

window.addEventListener("popstate", () => {
  if (window.location.href.split("#")[0] !== shown.split("#")[0]) go(window.location.href, { isNew: false });
});
