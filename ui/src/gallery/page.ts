// Stands in for what the host draws: the sample mode has no host.
/** A page with a few words on it, small enough to be written by hand. */
export function invoicePdf(): number[] {
  const words = "BT /F1 20 Tf 60 760 Td (Statement STM-2026-000190) Tj 0 -30 Td /F1 11 Tf (A made-up page, so that the window has one to show.) Tj 0 -400 Td (Page 1 of 1) Tj ET";
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>", `<< /Length ${words.length} >>\nstream\n${words}\nendstream`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return String(place).padStart(10, "0");
  });
  const start = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${places.map((place) => `${place} 00000 n \n`).join("")}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`;
  return Array.from(text, (character) => character.charCodeAt(0));
}
