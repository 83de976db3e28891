-- Seven years of loans, made by the database itself: 1,000 books, 3,000 members, 200,000 loans.

-- Foreign keys are checked at each statement's end, not at the transaction's: ALTER TABLE below needs none pending.
SET CONSTRAINTS ALL IMMEDIATE;

INSERT INTO catalog_author (name, country)
SELECT 'Author ' || n, (ARRAY['Chile', 'Ghana', 'Japan', 'Norway', 'Peru'])[1 + n % 5]
FROM generate_series(1, 200) AS n;

INSERT INTO catalog_book (title, author_id, isbn, published, copies)
SELECT 'Book ' || n, 10 + n % 200, to_char(9782000000000 + n, 'FM9999999999999'), 1900 + n % 125, 1 + n % 4
FROM generate_series(1, 1000) AS n;

INSERT INTO auth_user (username, password, first_name, last_name, email, is_staff, is_superuser, is_active, date_joined)
SELECT 'reader' || n, '!', 'Reader', n::text, 'reader' || n || '@library.example', false, false, true, '2019-12-01'
FROM generate_series(1, 3000) AS n;

INSERT INTO members_member (user_id, card_number, joined)
SELECT id, 'R-' || to_char(id, 'FM000000'), date '2019-12-01'
FROM auth_user WHERE username LIKE 'reader%';

-- Each row's two foreign keys would be looked up one by one. All at once afterwards is faster.
ALTER TABLE loans_loan
    DROP CONSTRAINT loans_loan_member_id_3ecf70fe_fk_members_member_id,
    DROP CONSTRAINT loans_loan_book_id_10cbdb54_fk_catalog_book_id;

INSERT INTO loans_loan (member_id, book_id, lent_on, returned_on)
SELECT
    6 + (n * 7919) % 3000,
    13 + (n * 7907) % 997,
    date '2020-01-01' + n / 90,
    -- One in a hundred or so is still out.
    CASE WHEN n % 101 > 0 THEN date '2020-01-01' + n / 90 + 1 + n % 28 END
FROM generate_series(1, 200000) AS n;

ALTER TABLE loans_loan
    ADD CONSTRAINT loans_loan_member_id_3ecf70fe_fk_members_member_id
        FOREIGN KEY (member_id) REFERENCES members_member DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT loans_loan_book_id_10cbdb54_fk_catalog_book_id
        FOREIGN KEY (book_id) REFERENCES catalog_book DEFERRABLE INITIALLY DEFERRED;
