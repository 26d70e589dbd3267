-- The tables of peers c and d: what a draw needs and no more.
-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE campaign (
    id integer PRIMARY KEY,
    next_n bigint NOT NULL) WITH (fillfactor = 20);
CREATE TABLE prize (
    campaign_id integer NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    units_left bigint NOT NULL CHECK (units_left >= 0),
    PRIMARY KEY (campaign_id, code)) WITH (fillfactor = 20);
CREATE TABLE draw (
    campaign_id integer NOT NULL,
    n bigint NOT NULL,
    key text NOT NULL,
    participant text NOT NULL,
    prize text,
    t bigint NOT NULL,
    PRIMARY KEY (campaign_id, n),
    UNIQUE (campaign_id, key));
INSERT INTO campaign VALUES (1, 1);
INSERT INTO prize VALUES
    (1, 'A', '温泉旅行', 1000000000),
    (1, 'B', '商品券', 1000000000),
    (1, 'C', '珈琲豆', 1000000000),
    (1, 'D', '割引券', 1000000000);
