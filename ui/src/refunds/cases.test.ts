import { describe, expect, it } from "vitest";
import { isOpen, movedFrom, nextAction, nextOf, shownSheet, type Lot, type RefundCase, type RefundRow } from "./cases";

const lot = (over: Partial<Lot> = {}): Lot => ({
  recharge_id: "1", journal_id: "9", order_no: "R1", channel: "alipay", paid_at: "2026-01-01T00:00:00Z", agreement_version: "2025-09-01",
  principal: "100.00", gift: "10.00", used: "40.000000", unbilled: "0.000000", left: "60.000000", refundable: "60.00", residual: "0.000000", fee: "0.36", net: "59.64",
  route: "original", route_closes_at: "2027-01-01T00:00:00Z", days_left: 300, payer: "王*", payer_account: null, payer_is_holder: true, ...over,
});
const sheet = (lots: Lot[]) => ({
  eligible: true, reason: null, gross: "60.00", fee: "0.36", net: "59.64", residual: "0.000000", unbilled: "0.000000", uncollected: "0.000000", provisional: false,
  gift_left: "0.000000", gift_reserved: "0.000000", gift_voided: "10.000000", gift_suspended: "0.000000", legal_override: false, manual: false, lots,
});
const refund = (over: Partial<RefundCase> = {}): RefundCase =>
  ({
    id: "a", number: "R-1", status: "reviewed", requested_at: "2026-02-01T00:00:00Z", reviewed_at: "2026-02-02T00:00:00Z", approved_at: null, second_approved_at: null, released_at: null, proof_asked_at: null,
    amount_gross: "60.00", amount_fee: "0.36", amount_net: "59.64", waits_for: "approver", needs_second_approval: false, moved_since_review: false,
    worksheet: sheet([lot()]), reviewed_worksheet: sheet([lot()]), legs: [], ...over,
  }) as RefundCase;

describe("which worksheet is shown", () => {
  it("is the database's own while the case is open", () => {
    expect(shownSheet(refund())).toMatchObject({ of: "now", before: null });
  });
  it("carries the reviewer's beside it once a figure moved", () => {
    const seen = sheet([lot({ used: "38.000000" })]);
    expect(shownSheet(refund({ moved_since_review: true, reviewed_worksheet: seen })).before).toBe(seen);
  });
  it("is what was instructed after the release, because the lots are spent", () => {
    const leg = { id: "1", refund_no: "K1", order_no: "R1", provider_no: null, channel: "alipay", gross: "59.00", fee: "0.35", net: "58.65", route: "original", status: "instructed", instructed_at: "", confirmed_at: null, bank_reference: null, state: "ready" as const, transfer: null };
    const shown = shownSheet(refund({ status: "released", worksheet: sheet([]), legs: [leg], amount_net: "58.65" }));
    expect(shown.of).toBe("release");
    expect(shown.sheet.net).toBe("58.65");
    expect(shown.sheet.lots).toMatchObject([{ principal: "100.00", refundable: "59.00", fee: "0.35", net: "58.65" }]);
  });
  it("is empty for an application that was closed before anybody reviewed it", () => {
    expect(shownSheet(refund({ status: "withdrawn", reviewed_worksheet: null })).sheet.lots).toEqual([]);
  });
});

describe("what moved", () => {
  it("names the old figure", () => expect(movedFrom(lot({ used: "38.77" }), lot(), "used")).toBe("38.77"));
  it("does not take another number of zeros for a change", () => expect(movedFrom(lot({ used: "40.00" }), lot(), "used")).toBeNull());
  it("says nothing of a lot that was not there", () => expect(movedFrom(undefined, lot(), "net")).toBeNull());
});

describe("the step that a case waits for", () => {
  it.each([
    ["requested", {}, "refunds.review"],
    ["reviewed", {}, "refunds.approve"],
    ["approved", {}, "refunds.release"],
    ["approved", { needs_second_approval: true }, "refunds.approve_second"],
    ["approved", { needs_second_approval: true, second_approved_at: "2026-02-03T00:00:00Z" }, "refunds.release"],
    ["paid", {}, null],
  ])("%s", (status, over, action) => expect(nextAction(refund({ status, ...over }))).toBe(action));
  it("is none of ours once it was released", () => expect(isOpen("released")).toBe(false));
});

describe("the next case after a decision", () => {
  const row = (id: string, requested_at: string) => ({ id, requested_at }) as RefundRow;
  const waiting = [row("c", "2026-02-03"), row("b", "2026-02-02"), row("a", "2026-02-01")];
  it("is the next one in the order of the list", () => expect(nextOf(waiting, { id: "b", requested_at: "2026-02-02" })?.id).toBe("a"));
  it("is the first that is left after the last one", () => expect(nextOf(waiting, { id: "a", requested_at: "2026-02-01" })?.id).toBe("c"));
  it("is none where nothing else waits", () => expect(nextOf([row("a", "2026-02-01")], { id: "a", requested_at: "2026-02-01" })).toBeNull());
});
