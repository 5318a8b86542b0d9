// What a gate decides: the same pure function as `decide` in app/gates/rules.py. The cases of
// tests/gates/decisions.json run against both.

const verdict = (result, explanation = null) => ({ result, explanation });

export const FORGED = verdict("invalid", "This code is not a badge of this conference.");

export function decide(facts, direction, force = false) {
  const refused = ofBadge(facts) ?? ofGate(facts, direction);
  if (refused || direction === "exit") return refused ?? verdict("ok");
  return (force ? null : again(facts)) ?? ofOthers(facts) ?? verdict("ok");
}

const opens = (facts, zone) => (BigInt(facts.zones) >> BigInt(zone)) & 1n;

function ofBadge(facts) {
  if (facts.revoked) return verdict("revoked", "This badge was replaced or revoked.");
  if (["withdrawn", "substituted", "refused"].includes(facts.status))
    return verdict("canceled", `The registration is ${facts.status}.`);
  if (facts.status !== null && facts.status !== "approved")
    return verdict("unapproved", "The registration is not approved.");
  // Days are ISO dates and times are HH:MM: they compare as text.
  if (!(facts.valid_from <= facts.day && facts.day <= facts.valid_until))
    return verdict("invalid_time", "The badge is not valid on this day.");
  if (![facts.zone, ...(facts.rules.zones ?? [])].some((zone) => opens(facts, zone)))
    return verdict("product", "The badge does not open this zone.");
  return null;
}

function ofGate({ rules, ...facts }, direction) {
  if (!["both", direction].includes(rules.direction ?? "both"))
    return verdict("rules", `This gate is for ${direction === "exit" ? "coming in" : "leaving"} only.`);
  if (direction === "exit") return null;
  if (rules.categories?.length && !rules.categories.includes(facts.category))
    return verdict("product", "This gate is not for badges of this category.");
  if (rules.ranks?.length && !rules.ranks.includes(facts.rank))
    return verdict("rules", "This gate is for other ranks.");
  const open = ({ day, opens, closes }) =>
    (!day || day === facts.day) && opens.slice(0, 5) <= facts.clock && facts.clock < closes.slice(0, 5);
  if (rules.windows?.length && !rules.windows.some(open))
    return verdict("rules", "This gate is closed at this time.");
  return null;
}

function again({ inside, left, rules }) {
  const once = !(rules.reentry ?? true);
  if (inside && ((rules.anti_passback ?? true) || once)) return verdict("already_redeemed", "Already inside.");
  if (left && once) return verdict("rules", "Left already; nobody comes in twice here.");
  return null;
}

function ofOthers({ rules, ...facts }) {
  const full = (most, taken) => !facts.inside && typeof most === "number" && taken >= most;
  if (facts.card && full(rules.cards, facts.cards_taken))
    return verdict("rules", "As many transferable cards of this delegation are inside as may be.");
  if (full(rules.seats, facts.seats_taken)) {
    if (facts.principal) return verdict("ok", "No seat is left: call protocol, do not turn away.");
    return verdict("rules", "As many people of this delegation are inside as may be.");
  }
  if (facts.gate_kind === "reception" && facts.reply !== "accepted") {
    if (facts.principal) return verdict("ok", "Not on the list: call protocol, do not turn away.");
    return verdict("rules", "Not on the list of this reception.");
  }
  return null;
}
