// SPDX-License-Identifier: Apache-2.0
// Changes of rights that wait for somebody's look: those that this person may confirm.
import { computed } from "@preact/signals";
import type { PermissionChange } from "../api/accounts.ts";
import { may, session } from "./session.ts";
import { rows } from "./store.ts";

// Neither who did it or proposed it nor whom it concerns.
export function mayConfirm(c: PermissionChange): boolean {
  const me = session.value?.user.id;
  return c.state === "open" && may("accounts.confirm") && ![c.by, c.also_by, c.user].includes(me ?? null);
}

export const unconfirmedCount = computed(() => rows("permission-changes").filter(mayConfirm).length);
