import type { Sentences } from "../sentence";
import { imports } from "./rules/imports";
import { refunds } from "./rules/refunds";
import { wire } from "./rules/wire";

export const rules: Sentences = { ...wire, ...refunds, ...imports };
