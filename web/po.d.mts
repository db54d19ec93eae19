// SPDX-License-Identifier: Apache-2.0
export function parsePo(text: string): Record<string, string>;
export function readPo(folder: string): Record<string, Record<string, string>>;
