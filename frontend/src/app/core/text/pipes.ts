/** Pipes over `figures`, in the language of this build. */

import { inject, LOCALE_ID, Pipe, type PipeTransform } from '@angular/core';

import * as figures from './figures';

export function languageOf(locale: string): figures.Language {
  return locale.startsWith('it') ? 'it' : 'en';
}

export function injectLanguage(): figures.Language {
  return languageOf(inject(LOCALE_ID));
}

abstract class InLanguage {
  protected readonly language = injectLanguage();
}

@Pipe({ name: 'eur' })
export class EurPipe extends InLanguage implements PipeTransform {
  transform(microEuro: bigint): string {
    return figures.showEur(microEuro, this.language);
  }
}

@Pipe({ name: 'price' })
export class PricePipe extends InLanguage implements PipeTransform {
  transform(microEuroPerKwh: bigint): string {
    return figures.showPrice(microEuroPerKwh, this.language);
  }
}

@Pipe({ name: 'kwh' })
export class KwhPipe extends InLanguage implements PipeTransform {
  transform(wattHours: bigint): string {
    return figures.showKwh(wattHours, this.language);
  }
}

@Pipe({ name: 'tokens' })
export class TokensPipe extends InLanguage implements PipeTransform {
  transform(amount: bigint): string {
    return figures.showTokens(amount, this.language);
  }
}

@Pipe({ name: 'moment' })
export class MomentPipe extends InLanguage implements PipeTransform {
  transform(epochS: number): string {
    return figures.showMoment(epochS, this.language);
  }
}

@Pipe({ name: 'day' })
export class DayPipe extends InLanguage implements PipeTransform {
  transform(epochS: number): string {
    return figures.showDay(epochS, this.language);
  }
}

@Pipe({ name: 'shortHex' })
export class ShortHexPipe implements PipeTransform {
  transform(hex: string): string {
    return figures.shortHex(hex);
  }
}

@Pipe({ name: 'duration' })
export class DurationPipe implements PipeTransform {
  transform(seconds: number): string {
    return figures.showDuration(seconds);
  }
}
