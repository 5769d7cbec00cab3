import { Component, type ReactNode } from "react";
import { asKontorError } from "../call";
import { Refusal } from "../parts/Refusal";

/** A screen that breaks takes only itself down, and says so. */
export class Fault extends Component<{ children: ReactNode }, { fault: unknown }> {
  override state = { fault: null as unknown };
  static getDerivedStateFromError(fault: unknown) {
    return { fault };
  }
  override render() {
    if (this.state.fault === null) return this.props.children;
    return <Refusal error={asKontorError(this.state.fault)} onRetry={() => this.setState({ fault: null })} />;
  }
}
