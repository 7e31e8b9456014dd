/** Runs before each file of tests: none is judged by how long it takes, for a busy machine would decide that. */

import { vi } from 'vitest';

const LONGEST_MS = 180_000;

vi.setConfig({ testTimeout: LONGEST_MS, hookTimeout: LONGEST_MS });
