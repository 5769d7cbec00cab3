import type { Sentences } from "../sentence";
import { access } from "./rules/access";
import { books } from "./rules/books";
import { customers } from "./rules/customers";
import { disputes } from "./rules/disputes";
import { inner } from "./rules/inner";
import { imports } from "./rules/imports";
import { paper } from "./rules/paper";
import { refunds } from "./rules/refunds";
import { wire } from "./rules/wire";

export const rules: Sentences = { ...inner, ...disputes, ...access, ...books, ...customers, ...imports, ...paper, ...refunds, ...wire };
