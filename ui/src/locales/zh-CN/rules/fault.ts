import type { Sentence } from "../../sentence";

/** 账簿自身的约束，正常表单不应触及：直说，并告知如何求助。 */
export const fault = (what: string): Sentence => ({
  what,
  why: "账簿拒绝任何前后不符的内容，无论由谁提交。正常操作不应走到这里。",
  next: "没有任何变动。请把刚才的操作告知管理员。",
});
