// Opens the question that the address names, for browsers that do not do so by themselves.

function openNamedQuestion() {
  const answer = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const question = answer?.closest("details");
  if (question && !question.open) {
    question.open = true;
    answer.scrollIntoView();
  }
}

addEventListener("hashchange", openNamedQuestion);
openNamedQuestion();
