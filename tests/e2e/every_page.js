// What test_every_page.py asks of a page. Each function answers with what is wrong: a list of words, empty where all is well.

const name = (element) =>
  `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className} "${(element.innerText ?? "").trim().slice(0, 30)}"`;
const isSeen = (element) =>
  element.checkVisibility({ visibilityProperty: true }) && !element.closest(".imp-hidden, .imp-unseen, .skip-link:not(:focus)");
const all = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);

// Colours, as they are painted

const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function painted(colour) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}

function lightness(colour) {
  const [red, green, blue] = painted(colour).map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [lightness(one), lightness(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// Have a page in a reader's own style; no policy is in its way.
function dress(style) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}

// What stands beyond the screen, or is cut off. Fields scroll by themselves, and so does the map.
function lost() {
  const width = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth - width;
  const found = all("body *").filter((element) => {
    if (element.closest("[data-map], input, select, textarea")) return false;
    const { left, right } = element.getBoundingClientRect();
    const { overflowX, overflowY } = getComputedStyle(element);
    return (
      right > width + 1 ||
      left < -1 ||
      (overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) ||
      (overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1)
    );
  });
  return [...(wide > 0 ? [`${wide} px too wide`] : []), ...found.map(name)];
}

// The walk by Tab. A step is what has the focus now; marks on the map stand where their places are.

const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
let steps = [];

// From the very start, wherever the focus was: to take it away is not enough, browsers remember where it stood.
function begin() {
  steps = [];
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}

function hardToSee(element) {
  const wrong = [];
  const [box] = element.getClientRects();
  const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (!above || !(element.contains(above) || above.contains(element))) wrong.push("is covered");
  const ring = [element, ...element.querySelectorAll("*")]
    .map((one) => getComputedStyle(one))
    .find((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const isForced = matchMedia("(forced-colors: active)").matches;
  const ground = isForced ? "Canvas" : getComputedStyle(document.documentElement).backgroundColor;
  if (!ring) wrong.push("shows no focus");
  else if (contrast(ring.outlineColor, ground) < 3) wrong.push("hardly shows its focus");
  return wrong;
}

function outOfOrder(element, before) {
  const wrong = [];
  if (!(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push("comes late");
  const isOnMap = [before, element].some((one) => one.closest("[data-map]"));
  // The address of a question stands beside it, and comes after the links of its answer.
  const isOfOne = element.closest(".imp-question")?.contains(before);
  const [place, placeBefore] = [element, before].map((one) => one.getBoundingClientRect());
  if (!isOnMap && !isOfOne && place.bottom <= placeBefore.top) wrong.push("stands above what comes before it");
  return wrong;
}

function step() {
  const element = document.activeElement;
  if (element === document.body || steps.includes(element)) return ["the end"];
  const before = steps.at(-1);
  steps.push(element);
  const wrong = [...hardToSee(element), ...(before ? outOfOrder(element, before) : [])];
  return wrong.map((words) => `${name(element)} ${words}`);
}

// The way back, on which what sticks to the top of the screen would be in the way. After a walk by Tab, browsers show
// the focus that a script gives as well.
function stepsBack() {
  return steps.toReversed().flatMap((element) => {
    element.focus();
    return hardToSee(element).map((words) => `${name(element)} ${words} on the way back`);
  });
}

const forgotten = () => all(FOCUSABLE).filter((element) => element.tabIndex >= 0 && !steps.includes(element)).map(name);

// What moves by itself, or would.
function moving() {
  const seconds = (times) => Math.max(...times.split(",").map(parseFloat));
  const elements = [document.documentElement, ...document.querySelectorAll("body *")];
  const found = elements.filter((element) =>
    ["", "::before", "::after"].some((part) => {
      const style = getComputedStyle(element, part || null);
      const isAnimated = style.animationName !== "none" && seconds(style.animationDuration) > 0;
      return seconds(style.transitionDuration) > 0 || isAnimated || style.scrollBehavior === "smooth";
    }),
  );
  return [...found.map(name), ...document.getAnimations().map((animation) => `an animation of ${animation.effect?.target}`)];
}

// What is told from the page by its colour or its edge: a box, a button, a field, a mark.

const hasEdge = (style) =>
  ["Top", "Right", "Bottom", "Left"].some(
    (side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0 && painted(style[`border${side}Color`])[3] > 0,
  );
let boxes = [];

function note() {
  boxes = all("body *").filter((element) => {
    if (element.closest("[data-map], svg, .skip-link, input[type=checkbox]")) return false;
    const style = getComputedStyle(element);
    return painted(style.backgroundColor)[3] > 0 || hasEdge(style);
  });
  return boxes.map(name);
}

const edgeless = () => boxes.filter((element) => !hasEdge(getComputedStyle(element))).map(name);

// Of links beside one another, the one that is chosen looks like the others.
function unmarked() {
  const line = (element) => {
    const style = getComputedStyle(element);
    return [style.textDecorationLine, style.borderBlockEndStyle].join();
  };
  return all("nav [aria-current]").filter((current) => {
    const others = [...current.closest("nav").querySelectorAll("a:not([aria-current])")].filter(isSeen);
    return others.some((other) => line(other) === line(current));
  }).map(name);
}

// Paper: what is of no use there, and what would be white on white. A teacher's own entry may be kept.
function onPaper() {
  const useless = all(
    "nav a, button, [role=search], .imp-button:not([href^=http], [data-on-paper]), form:not(.imp-renew-form) :is(input, select, textarea)",
  );
  const pale = all("main *").filter((element) => {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    return hasText && contrast(getComputedStyle(element).color, "white") < 4.5;
  });
  return [...useless.map(name), ...pale.map((element) => `pale: ${name(element)}`)];
}

// Written from right to left, lines of the page begin at its right edge.
function notMirrored() {
  if (document.documentElement.dir !== "rtl") return ["not written from right to left"];
  const middle = document.documentElement.clientWidth / 2;
  return all("h1, .site-name").filter((element) => element.getBoundingClientRect().right < middle).map(name);
}

window.checks = { dress, lost, begin, step, stepsBack, forgotten, moving, note, edgeless, unmarked, onPaper, notMirrored };
