import { createRoot } from "react-dom/client";
import "./styles/index.css";
import { App } from "./App";

async function start(): Promise<void> {
  // Development only: sample answers instead of a database, to look at parts without one.
  if (import.meta.env.DEV && window.location.search.includes("sample")) {
    const { useSamples } = await import("./gallery/samples");
    useSamples();
  }
  createRoot(document.getElementById("root")!).render(<App />);
}

void start();
