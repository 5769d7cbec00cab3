-- Housekeeping holds nothing that a posting waits for. A reference to customers made each bite of it take a key lock on
-- every customer whom it added up, which a posting's own lock waits for; what it adds up was checked when it was posted.
alter table book.income_months drop constraint income_months_customer_id_fkey, drop constraint income_months_product_fkey;
