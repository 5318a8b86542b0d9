// The badge code as app/badges/codes.py writes it, read and verified on the device.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BODY = 26;
const LAST_DAY = 2932896; // 9999-12-31: later dates are refused, as at the server

export const LOOKS_LIKE_A_CODE = /^[A-Za-z2-7]{144}$/;

export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function fromBase32(text) {
  const bytes = new Uint8Array((text.length * 5) >> 3);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    held = ((held << 5) | LETTERS.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes[at++] = (held >> (bits -= 8)) & 0xff;
  }
  return bytes;
}

const day = (days) => new Date(days * 86_400_000).toISOString().slice(0, 10);

// Whether this browser verifies signatures itself: not outside HTTPS, and not before 2025.
export async function canVerify() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

// What a signed code says, or null for anything that none of the keys (by id, Base64) has signed.
export async function decode(text, keys) {
  const code = text.trim();
  if (!LOOKS_LIKE_A_CODE.test(code)) return null;
  const raw = fromBase32(code.toUpperCase());
  const view = new DataView(raw.buffer);
  const [version, id] = raw;
  if (version !== 1 || !Object.hasOwn(keys, id)) return null;
  const key = await crypto.subtle.importKey("raw", fromBase64(keys[id]), "Ed25519", false, ["verify"]);
  const body = raw.subarray(0, BODY);
  if (!(await crypto.subtle.verify("Ed25519", key, raw.subarray(BODY), body))) return null;
  const from = view.getUint32(18) & 0xffffff; // the three bytes 19 to 21
  const until = view.getUint32(21) & 0xffffff;
  if (from > LAST_DAY || until > LAST_DAY) return null;
  return {
    serial: raw.slice(2, 10),
    category: raw[10],
    zones: view.getBigUint64(11),
    valid_from: day(from),
    valid_until: day(until),
    flags: raw[25],
  };
}

// How a snapshot names a serial: eight bytes of SHA-256 over salt and serial.
export async function hashed(salt, serial) {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...salt, ...serial]));
  const letters = btoa(String.fromCharCode(...new Uint8Array(digest, 0, 8)));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
