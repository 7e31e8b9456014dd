/** A member's own readings from the service, in the finest slots that its meter is read in. */

import { inject, Injectable } from '@angular/core';

import { ApiClient, type Schema } from '../../core/api/client';
import { SignInService } from '../../core/api/sign-in';

type Readings = Schema<'Readings'>;

export const QUARTER_S = 900;
export const HOUR_S = 3600;

@Injectable({ providedIn: 'root' })
export class ReadingService {
  private readonly api = inject(ApiClient);
  private readonly signIn = inject(SignInService);

  /** Readings of the days that `query` names, under the member's `path`, by the hour. */
  hourly(path: string, query: string): Promise<Readings> {
    return this.ask(path, query, HOUR_S);
  }

  /** By the quarter-hour; by the hour where the meter is read so, whose quarters would all seem to be missing. */
  async finest(path: string, query: string): Promise<Readings> {
    const quarters = await this.ask(path, query, QUARTER_S);
    if (quarters.slots.length === 0 || quarters.slots.some(isRead)) return quarters;
    const hours = await this.ask(path, query, HOUR_S);
    return hours.slots.some(isRead) ? hours : quarters;
  }

  private async ask(path: string, query: string, seconds: number): Promise<Readings> {
    await this.signIn.ensure();
    return this.api.ask<Readings>(`${path}/readings?${query}&slot_seconds=${seconds}` as `/v1/${string}`);
  }
}

export function isRead(slot: Schema<'EnergySlot'>): boolean {
  return slot.withdrawn_wh !== null || slot.injected_wh !== null;
}
