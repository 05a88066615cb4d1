// Shows on a map whom the form found. Without it the page says so, and leads to the list.
// Names come from strangers: they are put into the page as text, never as HTML.

const { L, topojson } = window;
const figure = document.getElementById("imp-map");
const frame = figure.querySelector("[data-map]");
const status = figure.querySelector("[data-status]");
const config = JSON.parse(document.getElementById("imp-map-config").textContent);
const { words } = config;
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
const isRightToLeft = getComputedStyle(figure).direction === "rtl";

const WORLD = [[-56, -170], [74, 180]];
// How far one can go: not beyond where the world is drawn.
const BOUNDS = [[-84, -230], [85, 230]];
// Marks that stand closer than this are drawn as one, in pixels; it is also the size of what can be pressed.
const REACH = 44;
// How much is kept free around what was found, in pixels.
const PADDING = [28, 28];
// Shapes are sharp at every zoom, tiles at whole ones. At 0 the world is so many pixels high.
const SNAP = config.tiles ? 1 : 0.25;
const WORLD_SIZE = 256;
// From this zoom on the world's shapes are fetched in detail.
const DETAIL = 4;
// The shapes have no more detail to show, and tiles would show more of a place than its owner agreed to.
const MOST_ZOOM = config.tiles ? 12 : 9;
// The most room that a mark's name takes.
const [NAME_WIDTH, NAME_HEIGHT] = [224, 100];
// How far around what is seen marks are fetched too, in parts of it.
const MARGIN = 0.3;

const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function link(address, text) {
  const made = element("a", "", text);
  const url = new URL(address, location.href);
  if (["http:", "https:"].includes(url.protocol)) made.href = url.href;
  return made;
}

// The map itself

function makeMap() {
  const old = [...frame.childNodes];
  const map = L.map(frame, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    zoomSnap: SNAP,
    minZoom: Math.ceil(Math.log2(frame.clientHeight / WORLD_SIZE) / SNAP) * SNAP,
    maxZoom: MOST_ZOOM,
    maxBounds: BOUNDS,
    maxBoundsViscosity: 1,
    zoomAnimation: !isStill,
    fadeAnimation: !isStill,
    markerZoomAnimation: !isStill,
    inertia: !isStill,
  });
  old.forEach((node) => node.remove());
  if (isStill) {
    const move = map.panBy;
    map.panBy = (offset, options) => move.call(map, offset, { ...options, animate: false });
  }
  L.control
    .zoom({ position: isRightToLeft ? "topright" : "topleft", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut })
    .addTo(map);
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", words.map);
  const help = element("p", "imp-hidden", words.help);
  help.id = "imp-map-help";
  figure.prepend(help);
  frame.setAttribute("aria-describedby", help.id);
  // A page that is scrolled past a map must not stop there: the wheel is the map's once somebody is in it.
  frame.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  frame.addEventListener("focusout", ({ relatedTarget }) => {
    if (!frame.contains(relatedTarget)) map.scrollWheelZoom.disable();
  });
  return map;
}

async function json(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

// Land and borders, or a site's own tiles

let land;
let drawnFile;

// Lines that step from the world's east edge to its west are led on beyond it. What goes around a pole takes it in.
function unbroken(line) {
  let turns = 0;
  const led = line.map(([longitude, latitude], place) => {
    const step = place ? longitude - line[place - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [latitude, longitude + turns * 360];
  });
  if (turns) led.push([-90, led.at(-1)[1]], [-90, led[0][1]]);
  return led;
}

// What goes on beyond an edge is drawn at the other one too.
function onBothEdges(polygon) {
  const reach = polygon[0].map(([, longitude]) => longitude);
  const shift = Math.max(...reach) > 180 ? -360 : Math.min(...reach) < -180 ? 360 : 0;
  const other = polygon.map((ring) => ring.map(([latitude, longitude]) => [latitude, longitude + shift]));
  return shift ? [polygon, other] : [polygon];
}

async function drawLand() {
  const file = map.getZoom() < DETAIL && drawnFile !== config.fine ? config.coarse : config.fine;
  if (file === drawnFile) return;
  drawnFile = file;
  const world = await json(file);
  const shapes = topojson.feature(world, world.objects.land).features.flatMap(({ geometry }) => geometry.coordinates);
  const borders = topojson.mesh(world, world.objects.countries, (one, other) => one !== other);
  const still = { interactive: false, renderer: L.svg({ padding: 0.5 }) };
  const fresh = L.layerGroup([
    L.polygon(shapes.flatMap((shape) => onBothEdges(shape.map(unbroken))), { ...still, className: "imp-map-land" }),
    L.polyline(borders.coordinates.map(unbroken), { ...still, className: "imp-map-border" }),
  ]);
  fresh.addTo(map);
  land?.remove();
  land = fresh;
}

function drawGround() {
  if (config.tiles) L.tileLayer(config.tiles, { referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
  // A map without its land is still one of who is where.
  else drawLand().catch((error) => console.warn(error));
}

// What was found

let answer = { complete: true, marks: [] };
let fetched = { zoom: -1, bounds: null };
let asking;

async function fetchMarks(bounds) {
  asking?.abort();
  asking = new AbortController();
  const address = new URL(config.places, location.href);
  if (bounds) {
    const [west, south, east, north] = bounds.toBBoxString().split(",").map(Number);
    const outward = [Math.floor(west * 10), Math.floor(south * 10), Math.ceil(east * 10), Math.ceil(north * 10)];
    address.searchParams.set("bbox", outward.map((tenths) => tenths / 10).join());
  }
  answer = await json(address, { signal: asking.signal });
  fetched = { zoom: map.getZoom(), bounds };
}

async function fetchWhatIsSeen() {
  const seen = map.getBounds();
  if (answer.complete || (fetched.zoom === map.getZoom() && fetched.bounds?.contains(seen))) return;
  try {
    await fetchMarks(seen.pad(MARGIN));
    draw();
  } catch (error) {
    if (error.name !== "AbortError") fail(error);
  }
}

function fail(error) {
  console.warn(error);
  status.textContent = words.failed;
}

// Marks that stand close together are one: the one of most comes first and takes in those around it.
function clusters() {
  const found = [];
  const marks = [...answer.marks].sort((one, other) => other.count - one.count);
  for (const mark of marks) {
    const point = map.project(mark.at, map.getZoom());
    const near = found.find((cluster) => cluster.point.distanceTo(point) < REACH);
    if (near) near.marks.push(mark);
    else found.push({ point, at: mark.at, marks: [mark] });
  }
  for (const cluster of found) cluster.count = cluster.marks.reduce((sum, { count }) => sum + count, 0);
  return found;
}

const isSpread = (cluster) => cluster.marks.length > 1 || Boolean(cluster.marks[0].spread);

function label({ marks: [first], count }, spread) {
  if (count === 1) return say(words.person, { name: first.people[0].name, place: first.place });
  return say(spread ? words.around : words.here, { place: first.place, count });
}

// Drawing them

const shown = new Map();
let opened;
const keyOf = ({ at, count, marks }) => `${at} ${count} ${marks.length}`;

function draw() {
  const seen = map.getBounds();
  // As one reads: from the top down, and from side to side. This is also the way that Tab takes.
  const present = clusters()
    .filter(({ at }) => seen.contains(at))
    .sort((one, other) => one.point.y - other.point.y || one.point.x - other.point.x);
  const keys = new Set(present.map(keyOf));
  if (opened && !keys.has(opened)) map.closePopup();
  for (const [key, marker] of shown) if (!keys.has(key)) take(key, marker);
  present.forEach((cluster) => shown.has(keyOf(cluster)) || put(cluster));
  const buttons = present.map((cluster) => shown.get(keyOf(cluster)).getElement());
  buttons.forEach((button, place) => keepNameWithin(button, map.latLngToContainerPoint(present[place].at)));
  inOrder(buttons);
  const count = present.reduce((sum, cluster) => sum + cluster.count, 0);
  const said = say(words.inView, { count });
  if (status.textContent !== said) status.textContent = said;
}

// The name that stands above a mark goes below it at the top of the map, and to one side at an edge.
function keepNameWithin({ dataset }, { x, y }) {
  dataset.nameBelow = y < NAME_HEIGHT;
  dataset.nameTo = x < NAME_WIDTH / 2 ? "end" : x > frame.clientWidth - NAME_WIDTH / 2 ? "start" : "middle";
}

function take(key, marker) {
  if (marker.getElement().contains(document.activeElement)) frame.focus({ preventScroll: true });
  marker.remove();
  shown.delete(key);
}

function put(cluster) {
  const spread = isSpread(cluster);
  const text = label(cluster, spread);
  const number = cluster.count.toLocaleString(document.documentElement.lang);
  const dot = element("span", "imp-map-dot", cluster.count > 1 ? number : "");
  dot.dataset.digits = String(cluster.count).length;
  const html = document.createElement("div");
  html.append(dot, element("span", "imp-map-name", text));
  const icon = L.divIcon({ html, className: "imp-map-mark", iconSize: [REACH, REACH] });
  const marker = L.marker(cluster.at, { icon, autoPanOnFocus: false, riseOnHover: true }).addTo(map);
  const button = marker.getElement();
  button.setAttribute("aria-label", text);
  marker.on("click", () => choose(cluster, marker));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(cluster, marker);
  });
  shown.set(keyOf(cluster), marker);
}

function inOrder(buttons) {
  const focused = document.activeElement;
  if (buttons.every((button, place) => button.parentNode.children[place] === button)) return;
  buttons.forEach((button) => button.parentNode.append(button));
  if (buttons.includes(focused)) focused.focus({ preventScroll: true });
}

// What happens to a mark that is pressed

function choose(cluster, marker) {
  if (!isSpread(cluster) || map.getZoom() >= MOST_ZOOM) return open(cluster, marker);
  const byKeyboard = marker.getElement() === document.activeElement;
  const bounds = L.latLngBounds(cluster.marks.map(({ at }) => at));
  if (byKeyboard) map.once("moveend", () => setTimeout(() => focusWithin(bounds.pad(0.2))));
  if (cluster.marks.length === 1) map.setView(cluster.at, Math.min(map.getZoom() + 2, MOST_ZOOM));
  else map.setView(bounds.getCenter(), nextZoom(bounds));
}

// Near enough to see them apart, and in any case nearer than now.
function nextZoom(bounds) {
  const fitting = map.getBoundsZoom(bounds, false, L.point(PADDING).multiplyBy(2));
  return Math.min(Math.max(fitting, map.getZoom() + 1), MOST_ZOOM);
}

function focusWithin(bounds) {
  const within = [...shown.values()].filter((marker) => bounds.contains(marker.getLatLng()));
  const buttons = new Set(within.map((marker) => marker.getElement()));
  const first = [...frame.querySelectorAll(".imp-map-mark")].find((button) => buttons.has(button));
  (first ?? frame).focus({ preventScroll: true });
}

function open(cluster, marker) {
  const popup = L.popup({ offset: [0, -REACH / 4], minWidth: 208, maxWidth: 288, maxHeight: 260, autoPanPadding: [12, 12] });
  // On a small screen, whom it names at the world's edge is seen whole only with something of what lies beyond.
  map.closePopup();
  map.setMaxBounds(null);
  popup.setLatLng(cluster.at).setContent(contentOf(cluster)).openOn(map);
  opened = keyOf(cluster);
  const box = popup.getElement();
  const close = box.querySelector(".leaflet-popup-close-button");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", label(cluster, isSpread(cluster)));
  close.setAttribute("aria-label", words.close);
  popup.once("remove", () => {
    opened = undefined;
    map.setMaxBounds(BOUNDS);
    // What is taken away at once has lost its focus to the page by now.
    const hadFocus = box.contains(document.activeElement) || document.activeElement === document.body;
    if (hadFocus) (marker.getElement() ?? frame).focus({ preventScroll: true });
  });
  box.querySelector("a[href]").focus({ preventScroll: true });
}

function contentOf({ marks }) {
  const content = element("div", "imp-map-people");
  for (const mark of marks) {
    content.append(element("h3", "", mark.place));
    const list = element("ul", "imp-list");
    for (const { name, url, by } of mark.people) {
      const item = document.createElement("li");
      item.append(link(url, name));
      if (by) item.append(" ", element("span", "imp-quiet", say(words.listedBy, { partner: by })));
      list.append(item);
    }
    content.append(list);
    if (mark.list) content.append(link(mark.list, words.further));
  }
  return content;
}

frame.addEventListener("keydown", (event) => {
  if (event.key === "Escape") map.closePopup();
});

// Begin

const map = makeMap();

function showAll() {
  const bounds = L.latLngBounds(answer.marks.map(({ at }) => at));
  if (bounds.isValid()) map.fitBounds(bounds, { padding: PADDING, maxZoom: 7, animate: false });
}

async function begin() {
  map.fitBounds(WORLD, { animate: false });
  try {
    await fetchMarks();
    showAll();
    draw();
  } catch (error) {
    fail(error);
  }
  drawGround();
  map.on("moveend", () => {
    draw();
    fetchWhatIsSeen();
    if (!config.tiles) drawGround();
  });
  fetchWhatIsSeen();
}

begin();
