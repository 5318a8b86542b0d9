// What reaches whoever does not look: sound, vibration; and the camera that reads codes.

const TUNES = {
  ok: [[880, 0, 0.09], [1320, 0.1, 0.14]],
  attention: [[740, 0, 0.12], [740, 0.18, 0.12], [740, 0.36, 0.12]],
  refused: [[220, 0, 0.22], [165, 0.24, 0.34]],
};
const SHAKES = { ok: [60], attention: [80, 60, 80, 60, 80], refused: [250, 90, 250] };

let audio = null;

// Browsers stay silent until a finger or a key has been at the page.
for (const first of ["pointerdown", "keydown"])
  addEventListener(first, () => ((audio ??= new AudioContext()), audio.resume()));

export function signal(kind) {
  navigator.vibrate?.(SHAKES[kind]);
  if (audio?.state !== "running") return;
  for (const [pitch, start, length] of TUNES[kind]) {
    const tone = new OscillatorNode(audio, { type: kind === "refused" ? "square" : "sine", frequency: pitch });
    const volume = new GainNode(audio, { gain: 0.35 });
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + length);
  }
}

export async function hasCamera() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

// Reads codes from the camera into `found` until the function that comes back is called.
export async function openCamera(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
  });
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let open = true;
  video.srcObject = stream;
  await video.play();
  const look = async () => {
    if (!open) return;
    for (const one of await detector.detect(video).catch(() => [])) found(one.rawValue);
    setTimeout(look, 120);
  };
  look();
  return () => {
    open = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
