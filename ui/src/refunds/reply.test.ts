import { describe, expect, it } from "vitest";
import type { RefundCase } from "./cases";
import { replyText } from "./Reply";

const base = {
  id: "a", number: "R-2026-0001", status: "requested", waits_for: "reviewer", requested_at: "2026-02-11T02:20:00Z", reviewed_at: null, approved_at: null, released_at: null, paid_at: null, closed_at: null,
  proof_asked_for: null, closing_reason: null, amount_paid: "0.00", amount_gross: "60.00", amount_fee: "0.36", amount_net: "59.64", amount_gift_voided: "10.000000", requested_by: "agent", reviewed_by: "reviewer", approved_by: "approver",
  worksheet: { gross: "60.00", fee: "0.36", net: "59.64", provisional: false, reason: null, gift_suspended: "0.000000", lots: [] }, reviewed_worksheet: null, moved_since_review: false, legs: [],
};
const say = (over: object, language: "en" | "zh-CN" = "en") => replyText({ ...base, ...over } as unknown as RefundCase, language, "2026-02-13");
const leg = (state: string, route = "original") => ({ order_no: "R1", state, status: state, route, gross: "60.00", fee: "0.36", net: "59.64" });
const released = (...states: string[]) => ({ status: "released", waits_for: "statement", released_at: "2026-02-12T02:20:00Z", legs: states.map((state) => leg(state)) });

describe("the reply to the customer", () => {
  it.each(["requested", "reviewed", "approved"])("does not say that money was sent while the case is %s", (status) => {
    expect(say({ status, waits_for: status === "approved" ? "treasurer" : "approver", approved_at: "2026-02-12T02:20:00Z" })).toMatch(/not been sent|no money has been sent/);
    expect(say({ status, approved_at: "2026-02-12T02:20:00Z" }, "zh-CN")).toMatch(/尚未付/);
  });
  it("warns of figures that may still fall", () => expect(say({ worksheet: { ...base.worksheet, provisional: true } })).toContain("may lower this"));
  it("says where each payment is and promises no day", () => {
    const text = say(released("confirmed", "accepted", "ready"));
    expect(text).toContain("1 is confirmed as paid.");
    expect(text).toContain("depends on the payment provider");
    expect(text).toContain("1 is prepared and not sent yet.");
  });
  it.each(["ready", "stopped", "exported", "too_soon"])("does not call a payment sent that is only %s", (state) => {
    expect(say(released(state))).toContain("1 is prepared and not sent yet.");
    expect(say(released(state), "zh-CN")).toContain("1 笔尚未付出");
  });
  it("does not promise the original way for what the provider refused or takes no more", () => {
    expect(say(released("failed"))).toContain("could not be paid by the original way and is not paid yet");
    expect(say(released("window_closed"))).toContain("could not be paid by the original way");
    expect(say(released("transfer", "transfer"))).toContain("2 cannot be paid by the original way; a bank transfer is being prepared, and they are not paid yet.");
    expect(say(released("failed"), "zh-CN")).toContain("尚未付款");
  });
  it("counts no lot whose fee took everything, and no payment taken back", () => {
    const text = say({ status: "paid", paid_at: "2026-02-13T02:20:00Z", amount_paid: "59.64", legs: [leg("confirmed"), leg("none"), leg("recalled")] });
    expect(text).toContain("CNY 59.64 in 1 payment,");
    expect(text).toContain("1 further payment was taken back");
  });
  it("does not call withdrawn by the customer what the desk took back", () => expect(say({ status: "withdrawn", closed_at: "2026-02-13T02:20:00Z", released_at: "2026-02-12T02:20:00Z", legs: [leg("recalled")] })).not.toContain("at your wish"));
  it.each(["second_approver", "legal", "approver"])("does not say approved while it waits for %s", (waits_for) => {
    const text = say({ status: "approved", waits_for, approved_at: "2026-02-12T02:20:00Z" });
    expect(text).toContain("waiting for approval");
    expect(text).not.toContain("was approved");
  });
  it("does not say why an account is locked", () => {
    const locked = { worksheet: { ...base.worksheet, reason: "account_locked" } };
    expect(say(locked)).toContain("is paused at present");
    expect(say(locked)).not.toMatch(/5\.2|lock|59\.64/);
  });
  it("says that a gift waits for a legal override", () => expect(say({ amount_gift_voided: "0.000000", worksheet: { ...base.worksheet, gift_suspended: "5.000000" } })).toContain("cannot be used until this is decided"));
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
