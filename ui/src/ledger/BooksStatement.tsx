import { Statement } from "./Statement";

/** The statement of any account, over all customers. */
export function BooksStatement() {
  return <Statement path="/books" account="alipay_clearing" />;
}
