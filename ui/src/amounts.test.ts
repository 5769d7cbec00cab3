import { describe, expect, test } from "vitest";
import { allDecimals, moneyText, parseAmount, plainMoney, spreadsheetNumber, sumOf } from "./amounts";

describe("amounts as people write them", () => {
  test.each([
    ["1200", "1200.00"],
    ["1,200.5", "1200.50"],
    ["¥1,200元", "1200.00"],
    ["￥１，２００．５０", "1200.50"],
    [" 人民币 12,345,678.90 元整 ", "12345678.90"],
    ["0.01", "0.01"],
    ["00012.30", "12.30"],
    ["88。8", "88.80"],
    ["1200.500", "1200.50"],
    ["CNY 5", "5.00"],
  ])("%s is %s", (text, value) => expect(parseAmount(text)).toEqual({ value, problem: null }));

  test.each([
    ["", "empty"],
    ["12.345", "too_many_decimals"],
    ["0", "not_positive"],
    ["-5", "not_positive"],
    ["1,20", "not_an_amount"],
    ["12a", "not_an_amount"],
    ["1.2.3", "not_an_amount"],
    ["一百", "not_an_amount"],
    ["1234567890123", "too_large"],
  ])("%s is refused as %s", (text, problem) => expect(parseAmount(text)).toEqual({ value: null, problem }));
});

describe("amounts as the screen writes them", () => {
  test("two decimals at least and up to six", () => {
    expect(plainMoney("12556.000000")).toBe("12,556.00");
    expect(plainMoney("118.204417")).toBe("118.204417");
    expect(plainMoney("2310.775200")).toBe("2,310.7752");
  });
  test("a minus is a minus, never a hyphen, and zero has none", () => {
    expect(plainMoney("-50")).toBe("−50.00");
    expect(moneyText("-0.000000").minus).toBe(false);
  });
  test("a spreadsheet gets a number", () => expect(spreadsheetNumber("-1234567.500000")).toBe("-1234567.50"));
  test("a selection adds up to the last millionth", () => {
    expect(sumOf(["0.1", "0.2"])).toBe("0.30");
    expect(sumOf(["99999999999.999999", "0.000001"])).toBe("100000000000.00");
    expect(sumOf(["-12556.000000", "12556"])).toBe("0.00");
  });
});

test("what_was_computed_keeps_every_decimal", () => {
  expect(["-0.002350924528", "14440.138416622642", "1234567", "-999.5", "0"].map(allDecimals)).toEqual(["−0.002350924528", "14,440.138416622642", "1,234,567", "−999.5", "0"]);
});
