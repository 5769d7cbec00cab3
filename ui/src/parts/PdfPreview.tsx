import { useEffect, useRef, useState } from "react";
import { useFormats, useWords } from "../words";
import { Button } from "./Button";
import { useLate } from "./Loading";
import classes from "./pdfPreview.module.css";

/** The pages of a PDF, drawn on canvases: the window's own engine has no viewer. */
export function PdfPreview({ bytes, ...rest }: { bytes: Uint8Array | null; "data-testid"?: string }) {
  const words = useWords();
  const formats = useFormats();
  const holder = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(1);
  const [pages, setPages] = useState(0);
  const [failed, setFailed] = useState(false);
  const late = useLate(bytes === null || (pages === 0 && !failed));
  useEffect(() => {
    if (!bytes || !holder.current) return;
    const place = holder.current;
    let stopped = false;
    setFailed(false);
    draw(bytes, place, wide, () => stopped)
      .then((count) => !stopped && setPages(count))
      .catch(() => !stopped && setFailed(true));
    return () => {
      stopped = true;
    };
  }, [bytes, wide]);
  return (
    <div className={classes.preview} data-ready={pages > 0 || undefined} {...rest}>
      <div className={classes.bar}>
        <span>{pages > 0 && words.parts.pdf.page(1, pages).replace("1", `1–${formats.count(pages)}`)}</span>
        <Button small kind="quiet" onClick={() => setWide((now) => Math.max(0.5, now - 0.25))}>
          {words.parts.pdf.narrower}
        </Button>
        <Button small kind="quiet" onClick={() => setWide((now) => Math.min(2.5, now + 0.25))}>
          {words.parts.pdf.wider}
        </Button>
      </div>
      {failed && <p className={classes.note}>{words.parts.pdf.failed}</p>}
      {late && !failed && <p className={classes.note}>{words.parts.loading}</p>}
      <div className={classes.pages} ref={holder} />
    </div>
  );
}

async function draw(bytes: Uint8Array, place: HTMLElement, wide: number, stopped: () => boolean): Promise<number> {
  // Loaded when the first document is opened: it is as large as the rest of the window together.
  const pdf = await import("pdfjs-dist/legacy/build/pdf.mjs");
  const worker = await import("pdfjs-dist/legacy/build/pdf.worker.min.mjs?url");
  pdf.GlobalWorkerOptions.workerSrc = worker.default;
  // pdf.js takes the buffer it is given, so it gets a copy.
  const opened = await pdf.getDocument({ data: bytes.slice(), isEvalSupported: false }).promise;
  const canvases: HTMLCanvasElement[] = [];
  const room = Math.max(280, place.clientWidth - 24);
  for (let number = 1; number <= opened.numPages; number++) {
    if (stopped()) break;
    const page = await opened.getPage(number);
    const natural = page.getViewport({ scale: 1 });
    const scale = (room / natural.width) * wide;
    const viewport = page.getViewport({ scale: scale * Math.min(2, window.devicePixelRatio || 1) });
    const canvas = document.createElement("canvas");
    canvas.width = viewport.width;
    canvas.height = viewport.height;
    canvas.style.width = `${natural.width * scale}px`;
    await page.render({ canvas, viewport }).promise;
    canvases.push(canvas);
  }
  if (!stopped()) place.replaceChildren(...canvases);
  return opened.numPages;
}
