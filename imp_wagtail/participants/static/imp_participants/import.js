// Goes on to what was found as soon as a check or an import is over. Without it, the page has a link that does.
const job = document.getElementById("imp-job");

new MutationObserver((changes, observer) => {
  const next = job.querySelector("[data-next-url]");
  if (!next) return;
  observer.disconnect();
  window.location.assign(next.dataset.nextUrl);
}).observe(job, { childList: true, subtree: true });
