// What the device keeps: its token, the snapshot, unsent scans, who passed today by hash, and
// conflicts. Never a name, never a photo.

const SCHEMA = 1;

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function openKept(name) {
  const asked = indexedDB.open(name, SCHEMA);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("kept");
    asked.result.createObjectStore("queue", { keyPath: "order", autoIncrement: true });
    asked.result.createObjectStore("inside");
    asked.result.createObjectStore("conflicts", { autoIncrement: true });
  };
  return new Kept(await done(asked));
}

const passage = (direction, before) => {
  const inside = direction === "entry";
  return { inside, came: inside || (before?.came ?? false), at: Date.now() };
};

class Kept {
  constructor(db) {
    this.db = db;
  }

  // One transaction, on the disk before it is over. `work` may wait for nothing else.
  async #change(stores, work) {
    const change = this.db.transaction(stores, "readwrite", { durability: "strict" });
    const over = new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = change.onerror = () => reject(change.error);
    });
    const result = await work(...stores.map((store) => change.objectStore(store)));
    await over;
    return result;
  }

  #read(store, key) {
    const found = this.db.transaction(store).objectStore(store);
    return done(key === undefined ? found.getAll() : found.get(key));
  }

  get = (key) => this.#read("kept", key);
  set = (key, value) => this.#change(["kept"], (kept) => done(kept.put(value, key)));
  queued = () => this.#read("queue");
  conflicts = () => this.#read("conflicts");
  forgetConflicts = () => this.#change(["conflicts"], (all) => done(all.clear()));
  count = () => done(this.db.transaction("queue").objectStore("queue").count());

  // Decides by who is inside and queues the scan with its outcome, both or neither.
  decideAndQueue(place, decide, scan) {
    return this.#change(["inside", "queue"], async (inside, queue) => {
      const [keys, values] = [await done(inside.getAllKeys()), await done(inside.getAll())];
      const all = new Map(keys.map((key, n) => [key, values[n]]));
      const verdict = decide(all.get(place), all);
      queue.add({ ...scan, offline_result: verdict.result, explanation: verdict.explanation });
      if (verdict.result === "ok") inside.put(passage(scan.type, all.get(place)), place);
      return verdict;
    });
  }

  // Who passed, by place: a gate, a day and a hashed serial.
  async passages() {
    const inside = this.db.transaction("inside").objectStore("inside");
    const [keys, values] = await Promise.all([done(inside.getAllKeys()), done(inside.getAll())]);
    return new Map(keys.map((key, n) => [key, values[n]]));
  }

  // Somebody whom the server let pass.
  passed = (place, direction) =>
    this.#change(["inside"], async (inside) =>
      done(inside.put(passage(direction, await done(inside.get(place))), place)));

  // Sent scans leave the queue as their conflicts are noted.
  sent(orders, conflicts) {
    return this.#change(["queue", "conflicts"], (queue, noted) => {
      for (const order of orders) queue.delete(order);
      for (const one of conflicts) noted.add(one);
    });
  }

  // Passages of other days decide nothing any more.
  forgetOtherDays(day) {
    return this.#change(["inside"], async (inside) => {
      for (const place of await done(inside.getAllKeys()))
        if (!place.includes(`|${day}|`)) inside.delete(place);
    });
  }
}
