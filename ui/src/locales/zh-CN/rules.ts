import type { Sentences } from "../sentence";
import { wire } from "./rules/wire";

export const rules: Sentences = { ...wire };
