/** The part of htm/preact/standalone that the page uses. */

export type VNode = { type: unknown; props: Record<string, unknown>; key: unknown };
export type Child = VNode | string | number | boolean | null | undefined | Child[];
export type Ref<T> = { current: T };
type Cleanup = () => void;

/** One root element gives a node, several give an array of them; both can be rendered. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): VNode;
export function h(type: unknown, props: object | null, ...children: Child[]): VNode;
export function render(tree: Child, parent: Element): void;

export function useState<T>(initial: T | (() => T)): [T, (next: T | ((previous: T) => T)) => void];
export function useRef<T>(initial: T): Ref<T>;
export function useRef<T>(initial: T | null): Ref<T | null>;
export function useEffect(effect: () => void | Cleanup, inputs?: readonly unknown[]): void;
export function useLayoutEffect(effect: () => void | Cleanup, inputs?: readonly unknown[]): void;
export function useMemo<T>(compute: () => T, inputs?: readonly unknown[]): T;
export function useCallback<T extends (...args: any[]) => unknown>(callback: T, inputs: readonly unknown[]): T;

export interface Context<T> {
  Provider: (props: { value: T; children?: Child }) => VNode;
}
export function createContext<T>(initial: T): Context<T>;
export function useContext<T>(context: Context<T>): T;
