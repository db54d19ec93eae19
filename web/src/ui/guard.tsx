// SPDX-License-Identifier: Apache-2.0
// A part of the page that fails says so in its place; the rest of the desk goes on working.
import { Component, type ComponentChildren } from "preact";
import { t } from "../lib/i18n.ts";
import { Shape } from "./icons.tsx";
import { Button } from "./parts.tsx";

export class Guard extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  componentDidCatch(error: unknown) {
    console.error(error);
  }

  render() {
    if (!this.state.failed) {
      return this.props.children;
    }
    return (
      <div class="empty" role="alert">
        <p class="title">
          <Shape of="attention" /> {t("ui.error.page")}
        </p>
        <Button onClick={() => this.setState({ failed: false })}>{t("ui.action.retry")}</Button>
      </div>
    );
  }
}
