import { expect, test } from "vitest";
import { asKontorError, call, connection, newId, replaceHost } from "./call";

test("an_id_is_a_uuid_of_version_seven_and_sorts_by_time", async () => {
  const first = newId();
  await new Promise((resolve) => setTimeout(resolve, 3));
  const second = newId();
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first < second).toBe(true);
});

test("a_refusal_keeps_its_rule_and_detail", () => {
  const error = asKontorError({ kind: "rule", name: "account_locked", detail: { clause: "RA 5.2" } });
  expect([error.kind, error.rule, error.detail.clause]).toEqual(["rule", "account_locked", "RA 5.2"]);
});

test("what_nobody_foresaw_is_a_bug_and_not_silence", () => {
  expect(asKontorError(new TypeError("broken")).kind).toBe("bug");
  expect(asKontorError({ kind: "surprise" }).kind).toBe("bug");
});

test("the_footer_learns_that_the_line_broke_and_mended", async () => {
  replaceHost({ ask: () => Promise.reject({ kind: "offline" }) });
  await expect(call("session.open", {})).rejects.toMatchObject({ kind: "offline" });
  expect(connection.now().connected).toBe(false);
  replaceHost({ ask: () => Promise.resolve({}) });
  await call("session.open", {});
  expect(connection.now().connected).toBe(true);
});
