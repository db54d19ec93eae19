// SPDX-License-Identifier: Apache-2.0
// Leaflet, bundled apart from the console and fetched when a map is first looked at.
import * as L from "leaflet";

(globalThis as { vgLeaflet?: typeof L }).vgLeaflet = L;
