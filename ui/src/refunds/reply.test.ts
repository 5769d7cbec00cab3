import { describe, expect, it } from "vitest";
import type { RefundCase } from "./cases";
import { replyText } from "./Reply";

const base = {
  id: "a", number: "R-2026-0001", status: "requested", waits_for: "reviewer", requested_at: "2026-02-11T02:20:00Z", reviewed_at: null, approved_at: null, released_at: null, paid_at: null, closed_at: null,
  proof_asked_for: null, closing_reason: null, amount_gross: "60.00", amount_fee: "0.36", amount_net: "59.64", amount_gift_voided: "10.000000", requested_by: "agent", reviewed_by: "reviewer", approved_by: "approver",
  worksheet: { gross: "60.00", fee: "0.36", net: "59.64", provisional: false, lots: [] }, reviewed_worksheet: null, moved_since_review: false, legs: [],
};
const say = (over: object, language: "en" | "zh-CN" = "en") => replyText({ ...base, ...over } as unknown as RefundCase, language, "2026-02-13");
const leg = (status: string, route = "original") => ({ order_no: "R1", status, route, gross: "60.00", fee: "0.36", net: "59.64" });

describe("the reply to the customer", () => {
  it.each(["requested", "reviewed", "approved"])("does not say that money was sent while the case is %s", (status) => {
    expect(say({ status, approved_at: "2026-02-12T02:20:00Z" })).toMatch(/not been sent|no money has been sent/);
    expect(say({ status, approved_at: "2026-02-12T02:20:00Z" }, "zh-CN")).toMatch(/尚未付/);
  });
  it("warns of figures that may still fall", () => expect(say({ worksheet: { ...base.worksheet, provisional: true } })).toContain("may lower this"));
  it("counts what the statement has confirmed and promises no day", () => {
    const text = say({ status: "released", released_at: "2026-02-12T02:20:00Z", legs: [leg("confirmed"), leg("instructed")] });
    expect(text).toContain("1 of 2 are confirmed");
    expect(text).toContain("depends on the payment provider");
  });
  it("counts no lot whose fee took everything", () => expect(say({ status: "paid", paid_at: "2026-02-13T02:20:00Z", legs: [leg("confirmed"), leg("confirmed", "none")] })).toContain("in 1 payment,"));
  it("ends the reason with one stop", () => {
    expect(say({ status: "rejected", closed_at: "2026-02-12T02:20:00Z", closing_reason: "No proof.." })).toContain("Reason: No proof. The");
    expect(say({ status: "rejected", closed_at: "2026-02-12T02:20:00Z", closing_reason: "材料不足。" }, "zh-CN")).toContain("理由：材料不足。为此");
  });
  it("names nobody of the desk", () => {
    for (const status of ["requested", "reviewed", "approved", "released", "paid", "rejected", "withdrawn"]) {
      for (const language of ["en", "zh-CN"] as const) expect(say({ status, closed_at: base.requested_at, paid_at: base.requested_at, released_at: base.requested_at, approved_at: base.requested_at }, language)).not.toMatch(/agent|reviewer|approver/);
    }
  });
  it("says only that it is paused while a dispute stops it", () => {
    const text = say({ waits_for: "dispute" });
    expect(text).toContain("paused");
    expect(text).not.toContain("59.64");
  });
});
