// SPDX-License-Identifier: Apache-2.0
// Every page in the dark theme: looks.mjs.
import { testLooks } from "./looks.mjs";

testLooks("dark");
