export const books = {
  title: "Books",
  hint: "Closing months, and the papers of a month's accounts.",
  tabs: { month: "Month end", trial: "Trial balance", prepaid: "Prepaid liability", income: "Income not invoiced", corrections: "Corrections" },
  month: {
    none: "No month has ended yet.",
    noneWhy: "A month can be closed once it is over and the books hold postings of it.",
  },
};
