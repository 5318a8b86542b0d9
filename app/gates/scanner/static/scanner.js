// The scanner page. On-line the server decides each scan; without a network the device does, by
// signature, snapshot and what it has seen, and tells the server later under the same nonce.

import { LOOKS_LIKE_A_CODE, canVerify, decode, fromBase64, hashed } from "./code.js";
import { FORGED, decide } from "./decide.js";
import { openKept } from "./kept.js";
import { Away, Server, Unpaired } from "./server.js";
import { hasCamera, openCamera, signal } from "./signals.js";

const slug = location.pathname.split("/")[2];
const $ = (id) => document.getElementById(id);
const words = await (await fetch("words.json")).json();
const kept = await openKept(`plenary-gate-${slug}`);
const server = new Server(slug, kept);

const TWICE = 2_000; // a trigger held too long reads a badge twice
const CODE = 144;
const LONGEST = 500; // what the server takes of whatever was read
const SYNC = 15_000;
const ANNUL = 15 * 60_000;
const SKEW = 5_000;
const RIGHT_TO_LEFT = ["ar"];

const state = {
  language: "en",
  paired: null, // { token, gate, gate_name }
  snapshot: null, // { ...what the server told, etag, asked }
  offset: 0,
  online: true,
  direction: "entry",
  inside: null,
  shown: null, // the admitted scan on the screen, which may be annulled: { nonce, at, way, who }
  verifies: await canVerify(),
};

// Words

const t = (key) => words[state.language]?.[key] ?? words.en[key];
// Isolated: a name may run the other way than the words around it.
const filled = (key, who) => t(key).replace("{who}", () => `\u2068${who}\u2069`);
const sentence = (text) => words[state.language]?.sentences?.[text] ?? text;

function speak(language) {
  state.language = words[language] ? language : "en";
  document.documentElement.lang = state.language;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(state.language) ? "rtl" : "ltr";
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
  for (const one of document.querySelectorAll("[data-t-label]"))
    one.setAttribute("aria-label", t(one.dataset.tLabel));
  $("language").value = state.language;
  reword();
  show();
}

const ready = () => ({ headline: t("ready"), reason: t("ready_hint") });
let said = ready;

// The time that the server's clock shows, and the day at the conference

const now = () => Date.now() + state.offset;

function localDay(at) {
  const zone = { timeZone: state.snapshot.timezone };
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("en-CA", { ...zone, ...parts }).format(at);
}

function localTime(at) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", { timeZone: state.snapshot.timezone, ...parts }).format(at);
}

// What the page shows

async function show() {
  const queued = await kept.count();
  const conflicts = await kept.conflicts();
  const { paired, online, offset } = state;
  document.body.dataset.paired = paired ? "yes" : "no";
  document.body.dataset.network = online ? "on" : "off";
  $("gate").textContent = paired?.gate_name ?? t("title");
  $("network").textContent = t(online ? "online" : "offline");
  $("inside").textContent = state.inside ?? "–";
  $("queued").textContent = queued;
  $("queued").parentElement.classList.toggle("waiting", queued > 0);
  $("clock").textContent = skew(offset);
  $("clock").parentElement.classList.toggle("waiting", Math.abs(offset) > SKEW);
  $("skewed").hidden = Math.abs(offset) <= SKEW;
  $("cannot-verify").hidden = state.verifies;
  for (const way of ["entry", "exit"]) $(way).setAttribute("aria-pressed", state.direction === way);
  $("search-open").disabled = !online;
  offerAnnul();
  $("conflicts-open").hidden = !conflicts.length;
  $("conflicts-count").textContent = conflicts.length;
  $("forget").disabled = queued > 0;
  $("unsent").hidden = paired !== null || queued === 0;
  $("unsent-count").textContent = queued;
}

function skew(offset) {
  if (Math.abs(offset) < 1_000) return "±0 s";
  const sign = offset > 0 ? "−" : "+"; // the device's clock, as seen from the server's
  const seconds = Math.round(Math.abs(offset) / 1_000);
  return seconds < 120 ? `${sign}${seconds} s` : `${sign}${Math.round(seconds / 60)} min`;
}

// Only what is seen is taken back: the next badge read, or anything else said, ends the offer.
function offerAnnul(shown = state.shown) {
  state.shown = shown;
  $("annul").disabled = !(state.online && shown && Date.now() - shown.at < ANNUL);
}

// One outcome, big: kind is idle, busy, ok, attention or refused; its words in whichever language
// the page is set to, then and later.
function tell(kind, words, { position = null, alone = false } = {}) {
  said = words;
  offerAnnul(null);
  $("verdict").dataset.kind = kind;
  reword();
  $("alone").hidden = !alone;
  $("who").hidden = !position;
  $("name").textContent = nameOf(position);
  $("function").textContent = position?.function ?? "";
  $("delegation").textContent = position?.delegation_name ?? "";
  $("category").textContent = position?.category_label ?? "";
  $("photo").hidden = true;
  if (kind === "ok" || kind === "attention" || kind === "refused") signal(kind);
}

function reword() {
  const { headline, reason = "" } = said();
  $("headline").textContent = headline;
  $("reason").textContent = reason;
}

function nameOf(position) {
  const known = position?.name ? [position.style, position.name].filter(Boolean).join(" ") : "";
  return known || (position?.attendee_name ?? "");
}

const idle = () => tell("idle", ready);

function outcome(result, explanation, more = {}) {
  const words = (key) => () => ({ headline: t(key), reason: sentence(explanation ?? "") });
  if (result !== "ok") tell("refused", words("refused"), more);
  else if (explanation) tell("attention", words("attention"), more);
  else tell("ok", words(more.way === "exit" ? "left" : "admitted"), more);
}

// Drawn, not linked: the picture is nowhere but on the screen.
async function showPhoto(person, shown) {
  try {
    const blob = await server.photo(state.paired.gate, person);
    if (!blob || shown !== latest) return;
    const picture = await createImageBitmap(blob);
    const canvas = $("photo");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.hidden = false;
  } catch (problem) {
    if (!(problem instanceof Away)) throw problem;
  }
}

// Scanning

let latest = null;
let line = Promise.resolve();
let before = { code: "", at: 0 };

// Scans are decided one after the other, in the order of reading.
function read(text) {
  const code = text.trim().slice(0, LONGEST).toUpperCase();
  const way = state.direction;
  const twice = code === before.code && way === before.way && Date.now() - before.at < TWICE;
  before = { code, way, at: Date.now() }; // held before the camera it stays one reading
  if (!code || !state.paired || twice) return line;
  offerAnnul(null);
  return (line = line.then(() => scan(code, way)).catch(failed));
}

function failed(problem) {
  console.error(problem);
  tell("refused", () => ({ headline: t("failed"), reason: String(problem.message ?? problem) }));
}

async function scan(code, way) {
  const nonce = crypto.randomUUID();
  const asked = { secret: code, lists: [state.paired.gate], type: way, nonce };
  latest = nonce;
  tell("busy", () => ({ headline: t("reading") }));
  if (!state.online || !(await redeem(asked))) await decideAlone(asked);
  await show();
}

async function redeem(asked) {
  try {
    const [status, told] = await server.redeem(asked);
    if (!told.status || typeof told.status !== "string") throw new Away(`${status}`);
    const result = told.status === "ok" ? "ok" : told.reason;
    outcome(result, told.reason_explanation, { position: told.position, way: asked.type });
    if (told.position?.participant) showPhoto(told.position.participant, asked.nonce);
    if (result === "ok") {
      const name = nameOf(told.position);
      offerAnnul({ nonce: asked.nonce, at: Date.now(), way: asked.type, who: () => name });
      const place = await placeOf(asked.secret);
      if (place) await kept.passed(place.key, asked.type);
      count();
    }
    return true;
  } catch (problem) {
    if (problem instanceof Unpaired) return unpaired(), true;
    if (!(problem instanceof Away)) throw problem;
    state.online = false;
    return false;
  }
}

// Without the server's count: whom the snapshot had inside, but for whom this device saw since.
async function countAlone() {
  const { snapshot, paired } = state;
  const day = localDay(now());
  if (snapshot.day !== day) return null;
  const inside = new Set(snapshot.inside);
  const start = `${paired.gate}|${day}|`;
  for (const [place, one] of await kept.passages())
    if (place.startsWith(start) && one.at > snapshot.asked)
      inside[one.inside ? "add" : "delete"](place.slice(start.length));
  return inside.size;
}

async function placeOf(code) {
  if (!state.snapshot || !state.verifies) return null;
  const payload = await decode(code, state.snapshot.keys);
  if (!payload) return null;
  const hash = await hashed(fromBase64(state.snapshot.salt), payload.serial);
  const day = localDay(now());
  return { payload, hash, day, key: `${state.snapshot.gate.id}|${day}|${hash}` };
}

async function decideAlone(asked) {
  const { snapshot } = state;
  const usable = snapshot && state.verifies && snapshot.gate.id === state.paired.gate;
  // What nobody decided is no scan.
  if (!usable) return tell("attention", () => ({ headline: t("undecided"), reason: t("undecided_hint") }));
  const place = await placeOf(asked.secret);
  const today = snapshot.day === localDay(now()) ? snapshot : { inside: [], left: [] };
  const judge = (seen, all) => {
    if (!place) return FORGED;
    const told = snapshot.badges[place.hash] ?? {};
    const isLater = (one) => one && one.at > snapshot.asked;
    // Who else of the delegation is inside: as the server knew, but for whom this device saw since.
    const others = Object.keys(told.group === undefined ? {} : snapshot.badges).filter((hash) => {
      if (hash === place.hash || snapshot.badges[hash].group !== told.group) return false;
      const one = all.get(place.key.replace(place.hash, hash));
      return isLater(one) ? one.inside : today.inside.includes(hash);
    });
    const facts = {
      revoked: snapshot.revoked.includes(place.hash),
      status: told.status ?? null,
      zones: place.payload.zones,
      valid_from: place.payload.valid_from,
      valid_until: place.payload.valid_until,
      day: place.day,
      inside: isLater(seen) ? seen.inside : today.inside.includes(place.hash),
      left: isLater(seen) ? seen.came && !seen.inside : (today.left ?? []).includes(place.hash),
      rules: snapshot.rules ?? {},
      clock: localTime(now()),
      category: snapshot.categories?.[place.payload.category] ?? "",
      rank: told.rank ?? null,
      card: told.card ?? false,
      seats_taken: others.length,
      cards_taken: others.filter((hash) => snapshot.badges[hash].card).length,
      gate_kind: snapshot.gate.kind,
      zone: snapshot.gate.zone,
      reply: told.reply ?? null,
      principal: told.principal ?? false,
    };
    return decide(facts, asked.type);
  };
  const datetime = new Date(now()).toISOString();
  const verdict = await kept.decideAndQueue(place?.key, judge, { ...asked, datetime });
  outcome(verdict.result, verdict.explanation, { alone: true, way: asked.type });
  if (verdict.result === "ok") {
    const serial = place.payload.serial.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const who = () => filled("badge_serial", serial);
    offerAnnul({ nonce: asked.nonce, at: Date.now(), way: asked.type, who });
    if (state.inside !== null) state.inside = Math.max(0, state.inside + (asked.type === "entry" ? 1 : -1));
  }
}

// The server: what is queued goes first, so that the snapshot knows of it

let syncing = null;

const sync = () => (syncing ??= talk().finally(() => (syncing = null)));

async function talk() {
  if (!state.paired) return;
  try {
    await server.upload();
    const { etag, asked: was } = state.snapshot ?? {};
    const told = await server.snapshot(state.paired.gate, etag);
    const { asked } = told;
    state.snapshot = { ...(told.news ?? state.snapshot), etag: told.etag, asked: Math.max(asked, was ?? 0) };
    state.offset = told.offset;
    await kept.set("snapshot", state.snapshot);
    await kept.set("offset", state.offset);
    await kept.forgetOtherDays(localDay(now()));
    state.online = true;
    await count();
  } catch (problem) {
    if (problem instanceof Unpaired) return unpaired();
    if (!(problem instanceof Away)) throw problem;
    state.online = false;
  }
  await show();
}

async function count() {
  try {
    const [status, told] = await server.status(state.paired.gate);
    if (status === 200) state.inside = told.inside;
    await show();
  } catch (problem) {
    if (!(problem instanceof Away)) throw problem;
  }
}

// Pairing

async function paired(told) {
  state.paired = { token: told.token, gate: told.gate, gate_name: told.gate_name };
  state.snapshot = null;
  server.token = told.token;
  await kept.set("paired", state.paired);
  await kept.set("snapshot", null);
  await navigator.storage?.persist?.();
  idle();
  await sync();
  focus();
}

// Unsent scans stay: whichever pairing comes next sends them.
async function unpaired() {
  state.paired = null;
  server.token = "";
  await kept.set("paired", null);
  await show();
  $("pair-code").focus();
}

$("pair").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("pair-error").textContent = "";
  try {
    const [status, told] = await server.pair($("pair-code").value, slug, $("pair-name").value);
    if (status === 201) await paired(told);
    else $("pair-error").textContent = status === 401 ? t("pair_wrong") : told.detail;
  } catch (problem) {
    if (!(problem instanceof Away)) throw problem;
    $("pair-error").textContent = t("pair_away");
  }
});

// Input: a hardware scanner types as a hand would, ends with Enter, and may meet any focus

const typed = $("code");
const busy = () => document.querySelector("dialog[open]") || !state.paired;

// The field takes what scanners type and brings up no keyboard until somebody asks for one.
function focus() {
  if (!busy()) typed.focus({ preventScroll: true });
}

function submitTyped() {
  const text = typed.value;
  typed.value = "";
  typed.inputMode = "none";
  read(text);
}

// The last keys, each with what its field had before. A badge code is told by its form, not by how
// fast it comes: a busy device hears keys late, and no hand types such a one.
let keys = [];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === typed) {
    if (event.key === "Enter") event.preventDefault(), submitTyped();
    return;
  }
  if (event.key.length === 1) keys = [...keys, { key: event.key, was: event.target.value }].slice(-CODE);
  if (event.key !== "Enter") return;
  // Elsewhere only what is a badge code is read, and the field gets back what it had: a hand at a
  // search field stays undisturbed.
  const code = keys.map((one) => one.key).join("");
  const [first] = keys;
  keys = [];
  if (!LOOKS_LIKE_A_CODE.test(code)) return;
  event.preventDefault();
  if (event.target.value) event.target.value = first.was;
  read(code);
});
document.addEventListener("click", (event) => event.target.closest("input, select, dialog") || focus());
document.addEventListener("visibilitychange", () => document.hidden || (focus(), sync(), stayAwake()));

for (const way of ["entry", "exit"])
  $(way).addEventListener("click", () => {
    state.direction = way;
    show();
  });

$("type").addEventListener("click", () => {
  typed.inputMode = "text";
  typed.blur();
  typed.focus();
});

// Camera

let closeCamera = null;

$("camera").addEventListener("click", async () => {
  if (closeCamera) {
    closeCamera = closeCamera();
  } else {
    try {
      closeCamera = await openCamera($("video"), read);
    } catch (problem) {
      tell("attention", () => ({ headline: t("no_camera"), reason: `${t("no_camera_hint")} (${problem.name})` }));
    }
  }
  $("video").hidden = !closeCamera;
  $("camera-words").dataset.t = closeCamera ? "camera_stop" : "camera";
  $("camera-words").textContent = t($("camera-words").dataset.t);
});

// Search by name and annulling: only where the server hears it

for (const [opener, dialog] of [["search-open", "search"], ["menu", "device"], ["conflicts-open", "conflicts"]])
  $(opener).addEventListener("click", () => $(dialog).showModal());
for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", focus);

function item(list, ...lines) {
  const one = document.createElement("li");
  for (const text of lines.filter(Boolean)) {
    const part = document.createElement("span");
    part.dir = "auto";
    part.textContent = text;
    one.append(part);
  }
  $(list).append(one);
  return one;
}

$("search-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("found").replaceChildren();
  try {
    const [status, told] = await server.search(state.paired.gate, $("search-words").value.trim());
    if (status !== 200) return item("found", told.detail);
    const results = told.results ?? told;
    if (!results.length) item("found", t("nobody"));
    for (const one of results) {
      const row = item("found", one.name ?? one.attendee_name, one.function, one.delegation_name);
      const button = document.createElement("button");
      button.textContent = t(state.direction === "exit" ? "let_out" : "admit");
      button.addEventListener("click", () => ($("search").close(), read(one.secret)));
      row.append(button);
    }
  } catch (problem) {
    if (!(problem instanceof Away)) throw problem;
    item("found", t("search_away"));
  }
});
// Names leave the page with the dialog.
$("search").addEventListener("close", () => ($("found").replaceChildren(), $("search-form").reset()));

// In the line with the scans, so that none of them is said over by the other's answer.
$("annul").addEventListener("click", () => {
  const { shown } = state;
  offerAnnul(null);
  if (shown) line = line.then(() => annul(shown)).catch(failed);
});

async function annul({ nonce, way, who }) {
  try {
    await server.upload();
    const [status, told] = await server.annul(nonce);
    if (status >= 300)
      return tell("refused", () => ({ headline: t("not_annulled"), reason: sentence(told.detail ?? told.reason_explanation ?? "") }));
    before = { code: "", at: 0 };
    tell("idle", () => ({ headline: t("annulled"), reason: filled(`${way}_annulled`, who()) }));
    await sync();
  } catch (problem) {
    if (problem instanceof Unpaired) return unpaired();
    if (!(problem instanceof Away)) throw problem;
    tell("refused", () => ({ headline: t("not_annulled"), reason: t("search_away") }));
  }
}

$("conflicts-open").addEventListener("click", async () => {
  $("conflict-list").replaceChildren();
  const clock = new Intl.DateTimeFormat(state.language, { timeStyle: "short", dateStyle: "short", timeZone: state.snapshot?.timezone });
  for (const one of await kept.conflicts())
    item("conflict-list", clock.format(new Date(one.at)), t(one.offline === "ok" ? "was_admitted" : "was_refused"), sentence(one.explanation ?? t("admitted")));
});
$("conflicts-forget").addEventListener("click", async () => {
  await kept.forgetConflicts();
  $("conflicts").close();
  await show();
});
$("forget").addEventListener("click", () => ($("device").close(), unpaired()));
$("language").addEventListener("change", async () => {
  speak($("language").value);
  await kept.set("language", state.language);
});

const stayAwake = () => navigator.wakeLock?.request("screen").catch(() => null);

// Beginning

state.paired = (await kept.get("paired")) ?? null;
state.snapshot = (await kept.get("snapshot")) ?? null;
state.offset = (await kept.get("offset")) ?? 0;
server.token = state.paired?.token ?? "";
if (state.snapshot && state.paired) state.inside = await countAlone();
const wanted = [await kept.get("language"), ...navigator.languages.map((one) => one.slice(0, 2))];
speak(wanted.find((one) => one in words) ?? "en");
idle();
if (location.hash) $("pair-code").value = decodeURIComponent(location.hash.slice(1));
const camera = await hasCamera();
$("camera").hidden = !camera;
$("camera-missing").hidden = camera;
await navigator.serviceWorker?.register("sw.js");
addEventListener("online", sync);
addEventListener("offline", () => ((state.online = false), show()));
setInterval(sync, SYNC);
await sync();
await show();
focus();
stayAwake();
document.body.dataset.open = "yes";
