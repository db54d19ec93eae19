// SPDX-License-Identifier: Apache-2.0
// A QR code drawn from the node's lines of 0 and 1 with "/" between.
const QUIET = 4; // the white edge that readers want

export function Qr({ rows, label }: { rows: string; label: string }) {
  const lines = rows.split("/");
  const side = lines.length + 2 * QUIET;
  const path = lines
    .flatMap((line, y) =>
      [...line.matchAll(/1+/g)].map((m) => `M${m.index + QUIET} ${y + QUIET}h${m[0].length}v1h-${m[0].length}z`),
    )
    .join("");
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
