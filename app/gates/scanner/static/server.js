// The conversation with the server: one scan, the queue, the snapshot. Whoever asks is told by
// `Away` that nobody answered, and by `Unpaired` that the device was revoked.

const CHUNK = 200;
const PATIENCE = 4_000;

export class Away extends Error {}
export class Unpaired extends Error {}

export class Server {
  constructor(slug, kept) {
    this.kept = kept;
    this.conference = `/api/v1/conferences/${slug}`;
    this.token = "";
  }

  async #ask(address, { body, patience = PATIENCE, headers = {} } = {}) {
    let answer;
    try {
      answer = await fetch(address, {
        method: body ? "POST" : "GET",
        body: body && JSON.stringify(body),
        headers: {
          ...(this.token && { Authorization: `Device ${this.token}` }),
          "Accept-Language": "en", // the page has the words itself, in the language it is set to
          ...(body && { "Content-Type": "application/json" }),
          ...headers,
        },
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(patience),
      });
    } catch {
      throw new Away();
    }
    if (answer.status >= 500 || answer.status === 429) throw new Away();
    if (answer.status === 401 && this.token) throw new Unpaired();
    return answer;
  }

  async #json(address, options) {
    const answer = await this.#ask(address, options);
    try {
      return [answer.status, await answer.json()];
    } catch {
      throw new Away(); // a captive portal, or the connection ended in the middle
    }
  }

  pair = (code, conference, name) =>
    this.#json("/api/v1/checkinrpc/pair/", { body: { code, conference, name } });
  redeem = (scan) => this.#json("/api/v1/checkinrpc/redeem/", { body: scan });
  annul = (nonce) => this.#json("/api/v1/checkinrpc/annul/", { body: { nonce } });
  search = (gate, words) =>
    this.#json(`/api/v1/checkinrpc/search/?list=${gate}&q=${encodeURIComponent(words)}`);
  status = (gate) => this.#json(`${this.conference}/gates/${gate}/status/`);

  async photo(gate, person) {
    const answer = await this.#ask(`${this.conference}/gates/${gate}/photos/${person}`);
    return answer.ok ? answer.blob() : null;
  }

  // The snapshot if it is news, and by how much this clock is behind the server's.
  async snapshot(gate, etag) {
    const before = Date.now();
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await this.#ask(`${this.conference}/gates/${gate}/snapshot`, {
      headers,
      patience: 15_000,
    });
    const middle = (before + Date.now()) / 2;
    const told = Date.parse(answer.headers.get("Server-Time"));
    if (Number.isNaN(told)) throw new Away();
    if (answer.status !== 304 && !answer.ok) throw new Away();
    const news = answer.ok ? await answer.json() : null;
    return {
      news,
      etag: answer.headers.get("ETag"),
      asked: before,
      offset: Math.round(told - middle),
    };
  }

  // Sends what is queued, oldest first; true once nothing is left. Sending twice harms nothing.
  async upload() {
    return navigator.locks.request("upload", async () => {
      for (;;) {
        const some = (await this.kept.queued()).slice(0, CHUNK);
        if (!some.length) return true;
        const scans = some.map(({ order, explanation, ...scan }) => scan);
        const [status, told] = await this.#json("/api/v1/checkinrpc/batch/", {
          body: { scans },
          patience: 30_000,
        });
        const results = told.results ?? told;
        if (status >= 300 || results.length !== some.length) throw new Away();
        const conflicts = results.flatMap((one, n) => conflict(some[n], one));
        await this.kept.sent(some.map((scan) => scan.order), conflicts);
      }
    });
  }
}

// Where the server decided otherwise than the device had: kept without the badge's holder.
function conflict(scan, told) {
  const result = told.status === "ok" ? "ok" : told.reason;
  if ((result === "ok") === (scan.offline_result === "ok")) return [];
  return [{ at: scan.datetime, offline: scan.offline_result, result, explanation: told.reason_explanation }];
}
