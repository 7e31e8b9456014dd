import { signal } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';

import { TransactionService, type Call, type TransactionState } from '../core/wallet/transactions';
import { WalletService } from '../core/wallet/wallet';
import { Action } from './action';

const CALL: Call = { address: '0x01', abi: [], functionName: 'free', args: [] };
type Tell = (state: TransactionState) => void;

/** An action of three calls, in a wallet that does `then` when it is asked to sign the call numbered from 1. */
function open(then: (number: number, tell: Tell) => Promise<void>): { page: HTMLElement; press: () => Promise<void> } {
  let asked = 0;
  const run = (_: Call, tell: Tell): Promise<void> => {
    tell({ kind: 'asking' });
    return then((asked += 1), tell);
  };
  const failure = (): TransactionState => ({ kind: 'declined' });
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: WalletService, useValue: { connection: signal({}), isOnNetwork: () => true } },
      { provide: TransactionService, useValue: { run, failure } },
    ],
  });
  const fixture: ComponentFixture<Action> = TestBed.createComponent(Action);
  fixture.componentRef.setInput('label', 'Free it');
  fixture.componentRef.setInput('calls', () => [CALL, CALL, CALL]);
  fixture.detectChanges();
  const page = fixture.nativeElement as HTMLElement;
  const press = async (): Promise<void> => {
    page.querySelector('button')?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };
  return { page, press };
}

describe('an action of several signatures', () => {
  it('declined at once: nothing has been sent', async () => {
    const { page, press } = open(() => Promise.reject(new Error('no')));
    await press();
    expect(page.textContent).toContain('Nothing has been sent.');
    expect(page.textContent).not.toContain('were carried out');
  });

  it('declined at the third: says that two stay carried out, and not that nothing was sent', async () => {
    const { page, press } = open((number, tell) => {
      if (number === 3) return Promise.reject(new Error('no'));
      tell({ kind: 'done', hash: '0x01' });
      return Promise.resolve();
    });
    await press();
    expect(page.textContent).not.toContain('Nothing has been sent.');
    expect(page.textContent).toContain('Before that, 2 of 3 transactions were carried out, and stay so.');
  });

  it('while the wallet asks: says which signature of how many it is', async () => {
    const { page, press } = open((number, tell) => {
      if (number === 2) return new Promise(() => undefined);
      tell({ kind: 'done', hash: '0x01' });
      return Promise.resolve();
    });
    await press();
    expect(page.textContent?.replace(/\s+/g, ' ')).toContain('it asks you to sign. Signature 2 of 3.');
  });
});
