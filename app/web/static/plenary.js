// Comfort only: every page works without this file.

const $ = (selector, root = document) => [...root.querySelectorAll(selector)];

function announce(text) {
  let live = document.getElementById("announcer");
  if (!live) {
    live = document.createElement("p");
    live.id = "announcer";
    live.className = "visually-hidden";
    live.setAttribute("role", "status");
    document.body.append(live);
  }
  live.textContent = text;
}

// Filters: a GET form with data-fragment="#results" replaces that element instead of the page.
let latest = null;

async function replace(address, selector, { push = true } = {}) {
  const target = document.querySelector(selector);
  latest?.abort();
  const mine = (latest = new AbortController());
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, {
      headers: { "X-Fragment": selector.slice(1).replaceAll("-", "_") },
      signal: mine.signal,
    });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    target.innerHTML = await answer.text();
    if (push) history.pushState({ fragment: selector }, "", address);
    announce(target.querySelector("[data-count]")?.dataset.count ?? "");
  } catch (problem) {
    if (problem.name === "AbortError") return;
    location.assign(address);
  } finally {
    if (latest === mine) target.removeAttribute("aria-busy");
  }
}

function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
  const address = new URL(form.getAttribute("action") || location.pathname, location.href);
  address.search = query;
  return address;
}

for (const form of $("form[data-fragment]")) {
  const go = () => replace(addressOf(form), form.dataset.fragment);
  let pause;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    go();
  });
  form.addEventListener("change", (event) => event.target.matches("select") && go());
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[type=search]")) return;
    clearTimeout(pause);
    pause = setTimeout(go, 300);
  });
}
window.addEventListener("popstate", () => {
  if (document.querySelector("form[data-fragment]")) location.reload();
});

// Menus close with a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of $("details.drop[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of $("details.drop[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Copy: a button with data-copy="#id" is hidden in the page until there is a clipboard.
for (const button of $("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText.trim());
    button.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => (button.textContent = words), 2000);
  });
}

// Live numbers: each element with data-number inside [data-live] shows that number of the stream,
// which tells what changed; one with data-alarm is hidden while its number is none. Without this a
// page shows the numbers of its loading.
const streams = {};
for (const live of $("[data-live]")) {
  const { format } = new Intl.NumberFormat(document.documentElement.lang);
  const stream = (streams[live.dataset.live] ??= new EventSource(live.dataset.live));
  stream.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    for (const one of $("[data-number]", live)) {
      const value = told[one.dataset.number];
      if (value !== undefined) one.textContent = typeof value === "number" ? format(value) : value;
    }
    for (const one of $("[data-alarm]", live)) one.hidden = !told[one.dataset.alarm];
  });
}

// Typed text is not lost by a careless click.
let dirty = false;
for (const form of $("form[data-guard]")) {
  form.addEventListener("input", () => (dirty = true));
  form.addEventListener("submit", () => (dirty = false));
}
window.addEventListener("beforeunload", (event) => dirty && event.preventDefault());

// Printing shows what is folded away.
const folded = [];
window.addEventListener("beforeprint", () => {
  for (const fold of $("main details:not([open]):not(.act)")) {
    fold.open = true;
    folded.push(fold);
  }
});
window.addEventListener("afterprint", () => folded.splice(0).forEach((fold) => (fold.open = false)));

// On a phone the desk's sections scroll sideways: the current one is brought into sight,
// and so is each that the keyboard reaches: browsers leave one be that is half in sight.
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

document.querySelector(".side")?.addEventListener("focusin", (event) => {
  event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// Keys: [data-key="a"] is pressed, opened or focused by that key. A key held down or pressed twice
// decides once; whoever speaks to the machine, or types by accident, switches the keys off.
let decided = false;
const keysOff = () => localStorage.getItem("keys") === "off";
document.addEventListener("submit", (event) => (decided = !event.defaultPrevented));
window.addEventListener("pageshow", () => (decided = false));
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || decided || keysOff()) return;
  const one = $("[data-key]").find((one) => one.dataset.key === event.key);
  if (!one) return;
  event.preventDefault();
  if (one.matches("input")) one.focus();
  else if (one.matches("details")) {
    one.open = true;
    (one.querySelector("textarea") ?? one.querySelector("summary")).focus();
  } else {
    decided = one.matches("a");
    one.click();
  }
});
for (const button of $("[data-keys-switch]")) {
  const say = () => (button.textContent = keysOff() ? button.dataset.on : button.dataset.off);
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem("keys", keysOff() ? "on" : "off");
    say();
  });
  say();
}

// A photo's section: a frame to drag over the picture fills the numbers that the form sends.
// On a canvas, because the policy of the pages lets no picture in but ours.
for (const form of $("form[data-crop]")) {
  const canvas = form.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const [x, y, size] = ["x", "y", "size"].map((name) => form.elements[name]);
  const between = (least, value, most) => Math.min(Math.max(value, least), Math.max(least, most));
  let picture = null;
  let grip = null;

  const draw = () => {
    const { width, height } = canvas;
    const wide = Math.min(size.value * width, height * 0.75);
    pen.drawImage(picture, 0, 0, width, height);
    pen.fillStyle = "rgb(20 30 40 / 0.55)";
    pen.beginPath();
    pen.rect(0, 0, width, height);
    pen.rect(x.value * width, y.value * height, wide, wide / 0.75);
    pen.fill("evenodd");
  };
  const frame = (left, top, part) => {
    const most = Math.min(1, (canvas.height * 0.75) / canvas.width);
    const wide = between(0.1, part, most);
    const high = (wide * canvas.width) / 0.75 / canvas.height;
    size.value = (Math.floor(wide * 100 + 1e-6) / 100).toFixed(2);
    x.value = between(0, left, 1 - wide).toFixed(2);
    y.value = between(0, top, 1 - high).toFixed(2);
    draw();
  };

  form.elements.photo.addEventListener("change", async (event) => {
    const [file] = event.target.files;
    picture = file ? await createImageBitmap(file).catch(() => null) : null;
    for (const part of [canvas, form.querySelector("[data-crop-hint]")]) part.hidden = !picture;
    for (const field of [x, y, size]) field.value = "";
    if (!picture) return;
    form.querySelector("details").open = true;
    canvas.width = 480;
    canvas.height = Math.round((480 * picture.height) / picture.width);
    const part = Math.min(0.9, (canvas.height * 0.75) / canvas.width);
    frame((1 - part) / 2, 0, part);
  });
  for (const field of [x, y, size])
    field.addEventListener("change", () => picture && frame(+x.value, +y.value, +size.value));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    grip = [event.offsetX / canvas.clientWidth - x.value, event.offsetY / canvas.clientHeight - y.value];
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const [left, top] = [event.offsetX / canvas.clientWidth, event.offsetY / canvas.clientHeight];
    frame(left - grip[0], top - grip[1], +size.value);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (grip = null));
}

// After a refused form, the summary of errors is where reading goes on.
document.querySelector(".error-summary")?.focus();
