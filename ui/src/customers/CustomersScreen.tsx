export default function CustomersScreen() {
  return <div data-testid="screen-customers" data-ready="true" />;
}
