/** The service, asked with the types of its own description: what drifts from `api/openapi.json` does not compile. */

import { Injectable, signal } from '@angular/core';

import type { components } from './generated/schema';

export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The service refused, and said why in a sentence (RFC 9457); `code` is stable. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly json?: unknown;
  readonly body?: Blob;
}

@Injectable({ providedIn: 'root' })
export class ApiClient {
  /** Good for minutes, kept in memory alone, never in an address. */
  readonly token = signal<string | null>(null);

  async ask<T>(path: `/v1/${string}`, asked: Asked = {}): Promise<T> {
    const response = await this.send(path, asked);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** A file that the service keeps. */
  async file(path: `/v1/${string}`): Promise<Blob> {
    return (await this.send(path, {})).blob();
  }

  private async send(path: string, { method = 'GET', json, body }: Asked): Promise<Response> {
    const headers = new Headers({ accept: 'application/json' });
    const token = this.token();
    if (token) headers.set('authorization', `Bearer ${token}`);
    if (json !== undefined) headers.set('content-type', 'application/json');
    else if (body) headers.set('content-type', body.type);
    const content = json === undefined ? body : JSON.stringify(json);
    const response = await fetch(path, { method, headers, body: content, credentials: 'same-origin' });
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const said = (await response.json().catch(() => ({}))) as Partial<Schema<'ProblemDetails'>>;
  const detail = said.detail ?? $localize`The service answers ${response.status}:status:.`;
  return new ApiProblem(response.status, said.code ?? 'unknown', detail);
}
