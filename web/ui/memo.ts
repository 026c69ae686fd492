import { Component, type ComponentChild, type FunctionComponent, h } from "preact";

/** A component that renders again only when one of its properties is another value. */
export function memo<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return Object.entries(next).some(([name, value]) => Reflect.get(this.props, name) !== value);
    }
    override render(): ComponentChild {
      return h(Inner, this.props);
    }
  }
  return (props) => h(Memo, props);
}
