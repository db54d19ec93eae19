// SPDX-License-Identifier: Apache-2.0
// The meanings a device report can have (src/core/signal_kinds.def; a test holds the two together).
export const SIGNALS: string[] = [
  "intrusion", "fence_alarm", "door_forced", "door_held", "door_opened", "glass_break", "motion_alarm",
  "vault_alarm", "safe_alarm", "seismic", "panic", "duress", "holdup", "fire", "smoke", "gas", "water", "heat",
  "freeze", "medical", "emergency", "tamper", "exit_alarm", "cross_zone", "verified_alarm", "badge_denied",
  "badge_granted", "checkpoint", "vehicle_stopped", "drone", "mains_trouble", "battery_trouble",
  "line_trouble", "device_trouble", "jamming", "armed", "disarmed", "arm_failed", "late_to_arm", "bypassed",
  "test", "clock", "programming", "other",
];
