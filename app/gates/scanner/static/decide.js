// What a gate decides: the same pure function as `decide` in app/gates/rules.py. The cases of
// tests/gates/decisions.json run against both.

const verdict = (result, explanation = null) => ({ result, explanation });

export const FORGED = verdict("invalid", "This code is not a badge of this conference.");

export function decide(facts, direction, force = false) {
  if (facts.revoked) return verdict("revoked", "This badge was replaced or revoked.");
  if (["withdrawn", "substituted", "refused"].includes(facts.status))
    return verdict("canceled", `The registration is ${facts.status}.`);
  if (facts.status !== null && facts.status !== "approved")
    return verdict("unapproved", "The registration is not approved.");
  // Days are ISO dates: they compare as text.
  if (!(facts.valid_from <= facts.day && facts.day <= facts.valid_until))
    return verdict("invalid_time", "The badge is not valid on this day.");
  if (!((BigInt(facts.zones) >> BigInt(facts.zone)) & 1n))
    return verdict("product", "The badge does not open this zone.");
  if (direction === "exit") return verdict("ok");
  if (facts.inside && !force) return verdict("already_redeemed", "Already inside.");
  if (facts.gate_kind === "reception" && facts.reply !== "accepted") {
    if (facts.principal) return verdict("ok", "Not on the list: call protocol, do not turn away.");
    return verdict("rules", "Not on the list of this reception.");
  }
  return verdict("ok");
}
