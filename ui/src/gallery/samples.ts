// Development only: answers without a database, so that parts can be looked at. Never part of a build.
import { replaceHost } from "../call";
import * as answers from "./answers";

const slow_ms = 25;

export function useSamples(): void {
  replaceHost({
    async ask(command, body) {
      await new Promise((resolve) => setTimeout(resolve, slow_ms));
      if (command !== "call") return answers.host(command);
      return answers.command(body.name as string, body.arguments as Record<string, unknown>);
    },
  });
}
