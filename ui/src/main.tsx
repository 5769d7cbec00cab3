import { createRoot } from "react-dom/client";
import "./styles/index.css";
import { App } from "./App";

async function start(): Promise<void> {
  // Development only: sample answers instead of a database, to look at parts without one.
  if (import.meta.env.DEV && window.location.search.includes("sample")) {
    const { useSamples } = await import("./gallery/samples");
    useSamples();
  }
  if (import.meta.env.DEV && window.location.hash.startsWith("#/gallery")) {
    const { Gallery } = await import("./gallery/Gallery");
    createRoot(document.getElementById("root")!).render(<Gallery />);
    return;
  }
  createRoot(document.getElementById("root")!).render(<App />);
  // Behind the first paint: most machines have a Chinese face and will never fetch a slice of it.
  void import("./styles/chinese.css");
}

void start();
