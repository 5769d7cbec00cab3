import { useId, useState } from "react";
import { plainMoney, toMillionths } from "../amounts";
import { go } from "../routes";
import { useFormats, useWords } from "../words";
import { cx } from "./cx";
import classes from "./chart.module.css";

export interface Point {
  on: string;
  amount: string;
}

const width = 400;
const height = 150;

/** One line over days with its area; the day under the pointer tells its figure, and a click leads to where it comes from. */
export function AreaChart({ points, label, door }: { points: Point[]; label: string; door?(point: Point): string }) {
  const words = useWords();
  const formats = useFormats();
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  if (points.length < 2) return <p className={classes.none}>{words.parts.chart.noPoints}</p>;
  // A picture may be drawn from rounded numbers; the figures beside it are the exact texts.
  const values = points.map((point) => Number(toMillionths(point.amount) / 10_000n) / 100);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || Math.abs(high) || 1;
  const floor = Math.max(0, low - span * 0.35);
  const x = (index: number) => (index / (points.length - 1)) * width;
  const y = (value: number) => height - 6 - ((value - floor) / (high - floor || 1)) * (height - 16);
  const line = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const shown = at === null ? null : points[at];
  return (
    <figure
      className={cx(classes.chart, door && classes.opens)}
      onClick={() => door && shown && go(door(shown))}
      onPointerLeave={() => setAt(null)}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        setAt(Math.max(0, Math.min(points.length - 1, Math.round(((event.clientX - box.left) / box.width) * (points.length - 1)))));
      }}
    >
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-labelledby={id}>
        <title id={id}>
          {label}: {formats.day(points[0]!.on)} {plainMoney(points[0]!.amount)}, {formats.day(points.at(-1)!.on)} {plainMoney(points.at(-1)!.amount)}
        </title>
        {[0.25, 0.5, 0.75].map((part) => (
          <line key={part} x1="0" x2={width} y1={height * part} y2={height * part} className={classes.grid} vectorEffect="non-scaling-stroke" />
        ))}
        <polygon points={`0,${height} ${line} ${width},${height}`} className={classes.area} />
        <polyline points={line} className={classes.line} vectorEffect="non-scaling-stroke" />
        {at !== null && <line x1={x(at)} x2={x(at)} y1="0" y2={height} className={classes.cursor} vectorEffect="non-scaling-stroke" />}
      </svg>
      <figcaption className={classes.ends}>
        <span>{formats.day(points[0]!.on)}</span>
        {shown && (
          <strong>
            {formats.day(shown.on)} · {plainMoney(shown.amount)}
          </strong>
        )}
        <span>{formats.day(points.at(-1)!.on)}</span>
      </figcaption>
    </figure>
  );
}
