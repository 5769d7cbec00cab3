import { defineConfig } from "vitest/config";
import react from "@vitejs/plugin-react";

// The window loads these files from the app itself, so relative addresses and no hosts.
export default defineConfig({
  plugins: [react()],
  base: "./",
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: {
    target: "es2022",
    // An inlined asset is a data: address, which the window's content policy refuses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing.ts"],
    css: false,
    // Two busy cores are not a reason to fail.
    testTimeout: 20_000,
  },
});
