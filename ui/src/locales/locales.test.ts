import { expect, test } from "vitest";
import { rules } from "../rules";
import { en } from "./en";
import { say } from "./sentence";
import { zhCN } from "./zh-CN";

test.each([["en", en.rules] as const, ["zh-CN", zhCN.rules] as const])("every_rule_has_its_sentences: %s", (_language, catalogue) => {
  expect(Object.keys(catalogue).sort()).toEqual([...rules].sort());
  for (const rule of rules) {
    const sentence = catalogue[rule];
    // The database may send no detail at all; a sentence must survive that.
    for (const said of [sentence.what, sentence.why, sentence.next]) expect(say(said, {}).length, rule).toBeGreaterThan(3);
  }
});

test("chinese_is_not_left_in_english", () => {
  const walk = (left: unknown, right: unknown, path: string): string[] => {
    if (typeof left === "string" && typeof right === "string") return left === right && /[a-z]{4,} [a-z]{3,}/i.test(left) ? [path] : [];
    if (left && right && typeof left === "object" && typeof right === "object")
      return Object.keys(left).flatMap((key) => walk((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key], `${path}.${key}`));
    return [];
  };
  expect(walk(en, zhCN, "words")).toEqual([]);
});
